// cw.files/1, cw.links/1 and cw.secrets/1: what is kept for connectors by other rooms, with the limits that hold for
// all.
#include "plugin_host/host_services.hpp"
#include "plugin_host/report.hpp"
#include "plugin_host/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace crosswalk::plugin_host {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

// What a worker's frame can carry; a larger file is fetched with CW_HTTP_TO_FILE.
constexpr std::int64_t put_bytes_max = std::int64_t{32} * 1024 * 1024;
constexpr std::size_t ref_word_bytes_max = 512;
constexpr std::size_t ref_bytes_max = 8 * 1024;
constexpr std::size_t secret_bytes_max = 64 * 1024;

bool is_file_id(std::string_view id) noexcept {
    return id.size() == 64 &&
           std::all_of(id.begin(), id.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_ref_word(std::string_view word) noexcept {
    return !word.empty() && word.size() <= ref_word_bytes_max && is_utf8(word);
}

// A canonical ref; nothing when a member is missing, empty or too long. Members that a ref may have besides are for
// people and do not tell records apart.
std::optional<Ref> parse_ref(std::string_view text) {
    if (text.size() > ref_bytes_max || !is_json_object(text)) {
        return std::nullopt;
    }
    boost::json::value const json = boost::json::parse({text.data(), text.size()});
    Ref ref;
    for (auto const& [member, to] : {std::pair{"system", &ref.system}, {"kind", &ref.kind}, {"id", &ref.id}}) {
        boost::json::value const* const found = json.get_object().if_contains(member);
        if (found == nullptr || !found->is_string() || !is_ref_word(found->get_string())) {
            return std::nullopt;
        }
        *to = found->get_string();
    }
    return ref;
}

std::string serialized(std::vector<Ref> const& refs) {
    boost::json::array list;
    list.reserve(refs.size());
    for (Ref const& ref : refs) {
        list.push_back(boost::json::object{{"system", ref.system}, {"kind", ref.kind}, {"id", ref.id}});
    }
    return boost::json::serialize(list);
}

}  // namespace

bool HostServices::offers(Service service) const noexcept {
    switch (service) {
        case Service::files:
            return services_.files != nullptr;
        case Service::links:
            return services_.links != nullptr;
        case Service::keep_secret:
            return services_.kept_secrets != nullptr;
        default:
            return true;
    }
}

bool HostServices::is_signal(std::string_view event) const noexcept {
    return std::find(signals_.begin(), signals_.end(), event) != signals_.end();
}

// ---- files ------------------------------------------------------------------------------------------------------

Result<std::unique_ptr<http::FileSource>> HostServices::found_file(std::string_view id) {
    if (services_.files == nullptr) {
        return Error{ErrorCode::unsupported, "This host keeps no files."};
    }
    if (!is_file_id(id)) {
        return Error{ErrorCode::not_found, "That is no file's id."};
    }
    return services_.files->open(std::string(id));
}

cw_status HostServices::file_put(std::string_view bytes, cw_buf* out_id) {
    if (static_cast<std::int64_t>(bytes.size()) > std::min(put_bytes_max, services_.files->bytes_max())) {
        return CW_ERR_TOO_LARGE;
    }
    Result<std::string> id = services_.files->put(bytes);
    return id ? lend_bytes(std::move(*id), out_id) : stored_status(id.error().code);
}

cw_status HostServices::file_size(std::string_view id, std::int64_t* out_size) {
    auto const found = found_file(id);
    if (!found) {
        return stored_status(found.error().code);
    }
    *out_size = (*found)->size();
    return CW_OK;
}

cw_status HostServices::file_read(std::string_view id, std::int64_t offset, std::int64_t length, cw_buf* out) {
    if (offset < 0 || length < 0) {
        return CW_ERR_INVALID;
    }
    auto const found = found_file(id);
    if (!found) {
        return stored_status(found.error().code);
    }
    std::int64_t const size = (*found)->size();
    std::int64_t const from = std::min(offset, size);
    std::string part(static_cast<std::size_t>(std::min({length, size - from, std::int64_t{CW_FILE_READ_MAX}})), '\0');
    auto const read = (*found)->read(from, part);
    return read ? lend_bytes(std::move(part), out) : stored_status(read.error().code);
}

// ---- links ------------------------------------------------------------------------------------------------------

cw_status HostServices::link_put(std::string_view our_kind, std::string_view our_id, std::string_view their_ref) {
    std::optional<Ref> const theirs = parse_ref(their_ref);
    if (!theirs || !is_ref_word(our_kind) || !is_ref_word(our_id)) {
        return CW_ERR_INVALID;
    }
    Ref const ours{services_.connection, std::string(our_kind), std::string(our_id)};
    auto const done = services_.links->put(ours, *theirs);
    return done ? CW_OK : stored_status(done.error().code);
}

cw_status HostServices::link_find(std::string_view ref, cw_buf* out_refs) {
    std::optional<Ref> const of = parse_ref(ref);
    if (!of) {
        return CW_ERR_INVALID;
    }
    Result<std::vector<Ref>> const found = services_.links->find(*of);
    return found ? lend_bytes(serialized(*found), out_refs) : stored_status(found.error().code);
}

cw_status HostServices::link_remove(std::string_view our_kind, std::string_view our_id, std::string_view their_ref) {
    std::optional<Ref> const theirs = parse_ref(their_ref);
    if (!theirs || !is_ref_word(our_kind) || !is_ref_word(our_id)) {
        return CW_ERR_INVALID;
    }
    Ref const ours{services_.connection, std::string(our_kind), std::string(our_id)};
    auto const done = services_.links->remove(ours, *theirs);
    return done ? CW_OK : stored_status(done.error().code);
}

// ---- kept secrets -----------------------------------------------------------------------------------------------

cw_status HostServices::secret_put(std::string_view pointer, std::string_view value) {
    if (value.empty()) {
        return CW_ERR_INVALID;  // an empty key would let anybody compute a valid signature
    }
    if (value.size() > secret_bytes_max) {
        return CW_ERR_TOO_LARGE;
    }
    auto const done = vault_.put(pointer, model::Secret(std::string(value)));
    return done ? CW_OK : kept_status(done.error());
}

cw_status HostServices::secret_remove(std::string_view pointer) {
    auto const done = vault_.remove(pointer);
    return done ? CW_OK : kept_status(done.error());
}

cw_status HostServices::kept_status(Error const& error) noexcept {
    return error.code == ErrorCode::permission_denied ? CW_ERR_DENIED : stored_status(error.code);
}

}  // namespace crosswalk::plugin_host

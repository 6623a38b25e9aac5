// cw.files/1, cw.links/1, cw.secrets/1 and the access tokens of the fake host, all in memory.
#include "support/fake_host_state.hpp"

#include <algorithm>

namespace crosswalk::support {

bool may_use_files(Phase phase) noexcept {
    return phase == Phase::activate || phase == Phase::parse || phase == Phase::poll || phase == Phase::push ||
           phase == Phase::look_up || phase == Phase::subscribe || phase == Phase::fetch;
}

std::string FakeHost::State::keep_file(std::string_view bytes) {
    std::string id = sha256_of(bytes);
    files[id] = bytes;
    return id;
}

void FakeHost::State::put_link(Linked const& ours, Linked const& theirs) {
    auto const same_place = [&ours](Linked const& one) { return one.system == ours.system && one.kind == ours.kind; };
    std::erase_if(links, [&](auto const& link) {
        return (link.first == theirs && same_place(link.second)) || (link.second == theirs && same_place(link.first));
    });
    links.emplace_back(ours, theirs);
}

std::vector<Linked> FakeHost::State::linked_with(Linked const& of) const {
    std::vector<Linked> found;
    for (auto const& [a, b] : links) {
        if (a == of || b == of) {
            found.push_back(a == of ? b : a);
        }
    }
    return found;
}

std::optional<std::string> FakeHost::State::oauth_token() {
    std::lock_guard const lock(mutex);
    return oauth_tokens.empty() ? std::nullopt : std::optional(oauth_tokens.front());
}

std::optional<std::string> FakeHost::State::oauth_token_instead_of(std::string const& refused) {
    {
        std::lock_guard const lock(mutex);
        if (!oauth_tokens.empty() && oauth_tokens.front() == refused) {
            oauth_tokens.pop_front();
        }
    }
    return oauth_token();
}

namespace {

namespace json = boost::json;
using State = FakeHost::State;

bool may_use_links(Phase phase) noexcept {
    return phase == Phase::parse || phase == Phase::poll || phase == Phase::push || phase == Phase::look_up ||
           phase == Phase::fetch;
}

// ---- cw.files/1
cw_status CW_CALL put_file(cw_host const* host, cw_call* call, cw_str bytes, cw_buf* out_id) {
    State& state = State::of(host);
    if (!may_use_files(running(call).phase)) {
        return state.deny();
    }
    if (static_cast<std::int64_t>(bytes.len) > state.file_bytes_max) {
        return CW_ERR_TOO_LARGE;
    }
    std::lock_guard const lock(state.mutex);
    state.lend(state.keep_file(text(bytes)), out_id);
    return CW_OK;
}
// Runs `use(content)` with a file.
template <class Use>
cw_status with_file(cw_host const* host, cw_call* call, cw_str id, Use&& use) {
    State& state = State::of(host);
    if (!may_use_files(running(call).phase)) {
        return state.deny();
    }
    std::lock_guard const lock(state.mutex);
    auto const found = state.files.find(text(id));
    return found == state.files.end() ? CW_ERR_NOT_FOUND : use(found->second);
}
cw_status CW_CALL file_size(cw_host const* host, cw_call* call, cw_str id, std::int64_t* out_size) {
    return with_file(host, call, id, [&](std::string const& content) {
        *out_size = static_cast<std::int64_t>(content.size());
        return CW_OK;
    });
}
cw_status CW_CALL read_file(cw_host const* host, cw_call* call, cw_str id, std::int64_t offset, std::int64_t length,
                            cw_buf* out) {
    if (offset < 0 || length < 0) {
        return CW_ERR_INVALID;
    }
    return with_file(host, call, id, [&](std::string const& content) {
        auto const from = std::min(static_cast<std::size_t>(offset), content.size());
        auto const most = static_cast<std::size_t>(std::min<std::int64_t>(length, CW_FILE_READ_MAX));
        State::of(host).lend(content.substr(from, most), out);
        return CW_OK;
    });
}

// ---- cw.links/1
std::optional<Linked> ref_of(cw_str ref_json) {
    json::error_code error;
    json::value const ref = json::parse(text(ref_json), error);
    Linked out;
    for (auto const& [name, member] : {std::pair{"/system", &out.system}, {"/kind", &out.kind}, {"/id", &out.id}}) {
        json::value const* found = error ? nullptr : ref.find_pointer(name, error);
        if (found == nullptr || !found->is_string() || found->get_string().empty()) {
            return std::nullopt;
        }
        *member = found->get_string();
    }
    return out;
}
// Runs `use(ours, theirs)` in a phase that may use links, under the mutex.
template <class Use>
cw_status with_refs(cw_host const* host, cw_call* call, cw_str our_kind, cw_str our_id, cw_str their_ref, Use&& use) {
    State& state = State::of(host);
    if (!may_use_links(running(call).phase)) {
        return state.deny();
    }
    std::optional<Linked> const theirs = ref_of(their_ref);
    Linked const ours{state.connection, text(our_kind), text(our_id)};
    if (!theirs || ours.kind.empty() || ours.id.empty()) {
        return CW_ERR_INVALID;
    }
    std::lock_guard const lock(state.mutex);
    return use(ours, *theirs);
}
cw_status CW_CALL put_link(cw_host const* host, cw_call* call, cw_str our_kind, cw_str our_id, cw_str their_ref) {
    return with_refs(host, call, our_kind, our_id, their_ref, [&](Linked const& ours, Linked const& theirs) {
        State::of(host).put_link(ours, theirs);
        return CW_OK;
    });
}
cw_status CW_CALL find_links(cw_host const* host, cw_call* call, cw_str ref_json, cw_buf* out) {
    State& state = State::of(host);
    if (!may_use_links(running(call).phase)) {
        return state.deny();
    }
    std::optional<Linked> const of = ref_of(ref_json);
    if (!of) {
        return CW_ERR_INVALID;
    }
    json::array refs;
    std::lock_guard const lock(state.mutex);
    for (Linked const& one : state.linked_with(*of)) {
        refs.push_back(json::object{{"system", one.system}, {"kind", one.kind}, {"id", one.id}});
    }
    state.lend(json::serialize(refs), out);
    return CW_OK;
}
cw_status CW_CALL remove_link(cw_host const* host, cw_call* call, cw_str our_kind, cw_str our_id, cw_str their_ref) {
    return with_refs(host, call, our_kind, our_id, their_ref, [&](Linked const& ours, Linked const& theirs) {
        std::size_t const removed = std::erase_if(State::of(host).links, [&](auto const& link) {
            return (link.first == ours && link.second == theirs) || (link.first == theirs && link.second == ours);
        });
        return removed == 0 ? CW_ERR_NOT_FOUND : CW_OK;
    });
}

// ---- cw.secrets/1
// Runs `use(secrets)` for a declared pointer, in the phases that may use files.
template <class Use>
cw_status with_secrets(cw_host const* host, cw_call* call, cw_str pointer, Use&& use) {
    State& state = State::of(host);
    if (!may_use_files(running(call).phase) || !state.declares_secret(text(pointer))) {
        return state.deny();
    }
    std::lock_guard const lock(state.mutex);
    return use(state.kept_secrets);
}
cw_status CW_CALL put_secret(cw_host const* host, cw_call* call, cw_str pointer, cw_str value) {
    if (value.len == 0) {
        return CW_ERR_INVALID;
    }
    return with_secrets(host, call, pointer, [&](std::map<std::string, std::string>& secrets) {
        secrets[text(pointer)] = text(value);
        return CW_OK;
    });
}
cw_status CW_CALL remove_secret(cw_host const* host, cw_call* call, cw_str pointer) {
    return with_secrets(host, call, pointer, [&](std::map<std::string, std::string>& secrets) {
        return secrets.erase(text(pointer)) == 0 ? CW_ERR_NOT_FOUND : CW_OK;
    });
}

}  // namespace

void FakeHost::State::fill_extensions() {
    files_table = {sizeof(cw_files), 0, put_file, file_size, read_file};
    links_table = {sizeof(cw_links), 0, support::put_link, find_links, remove_link};
    secrets_table = {sizeof(cw_secrets), 0, put_secret, remove_secret};
}

}  // namespace crosswalk::support

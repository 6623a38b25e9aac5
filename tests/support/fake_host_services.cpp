#include "support/fake_host_state.hpp"

#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cctype>

namespace crosswalk::support {

std::string lower(std::string_view from) {
    std::string out(from);
    for (char& c : out) {
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return out;
}

namespace {

// "https://api.example.com:8443/x" → "api.example.com"
std::string host_of(std::string_view url) {
    std::size_t const scheme = url.find("://");
    if (scheme == std::string_view::npos) {
        return {};
    }
    std::string_view rest = url.substr(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    rest = rest.substr(rest.rfind('@') == std::string_view::npos ? 0 : rest.rfind('@') + 1);
    return lower(rest.substr(0, rest.rfind(':')));
}

// A declared pointer fits when each of its segments is equal or "*".
bool pointer_fits(std::string_view declared, std::string_view asked) {
    while (!declared.empty() && !asked.empty()) {
        std::size_t const d = std::min(declared.find('/', 1), declared.size());
        std::size_t const a = std::min(asked.find('/', 1), asked.size());
        if (declared.substr(0, d) != "/*" && declared.substr(0, d) != asked.substr(0, a)) {
            return false;
        }
        declared.remove_prefix(d);
        asked.remove_prefix(a);
    }
    return declared.empty() && asked.empty();
}

}  // namespace

cw_status FakeHost::State::deny() {
    ++denied;
    return CW_ERR_DENIED;
}
void FakeHost::State::lend(std::string value, cw_buf* out) {
    auto* const copy = new std::string(std::move(value));
    ++borrowed;
    *out = {copy->data(), copy->size(), copy};
}
bool FakeHost::State::declares_secret(std::string_view pointer) const {
    for (char const* const* at = descriptor->secrets; at != nullptr && *at != nullptr; ++at) {
        if (pointer_fits(*at, pointer)) {
            return true;
        }
    }
    return false;
}
bool FakeHost::State::may_reach(std::string const& url) const {
    std::string const host = host_of(url);
    for (char const* const* at = descriptor->egress; at != nullptr && *at != nullptr; ++at) {
        std::string const declared(*at);
        if (declared.starts_with("setting:")) {
            boost::json::error_code error;
            boost::json::value const* found = settings.find_pointer(std::string_view(declared).substr(8), error);
            if (found != nullptr && found->is_string() && host_of(found->get_string()) == host) {
                return true;
            }
        } else if (declared.starts_with("*.") ? host.ends_with(declared.substr(1)) : host == declared) {
            return true;
        }
    }
    return false;
}
std::optional<std::string> FakeHost::State::secret(std::string const& pointer) const {
    std::lock_guard const lock(mutex);
    if (auto const found = secrets.find(pointer); found != secrets.end()) {
        return found->second;
    }
    auto const found = kept_secrets.find(pointer);
    return found == kept_secrets.end() ? std::nullopt : std::optional(found->second);
}
std::optional<Answer> FakeHost::State::answer(SentRequest const& request) {
    std::function<Answer(SentRequest const&)> responder;
    {
        std::lock_guard const lock(mutex);
        sent.push_back(request);
        Route* best = nullptr;
        for (Route& route : routes) {
            if (route.method_ == request.method && request.url.starts_with(route.prefix_) &&
                (best == nullptr || route.prefix_.size() > best->prefix_.size())) {
                best = &route;
            }
        }
        if (best == nullptr || best->answers_.empty()) {
            return std::nullopt;
        }
        responder = best->answers_.front();
        if (best->answers_.size() > 1) {
            best->answers_.pop_front();
        }
    }
    return responder(request);
}

namespace {

namespace json = boost::json;
using State = FakeHost::State;

std::string hex(unsigned char const* bytes, std::size_t count) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        out += digits[bytes[i] >> 4U];
        out += digits[bytes[i] & 15U];
    }
    return out;
}

bool may_do_io(Phase phase) {
    return phase != Phase::init && phase != Phase::verify && phase != Phase::map && phase != Phase::oauth;
}
// The real host lets init keep state, but ask nobody.
bool may_keep_state(Phase phase) {
    return may_do_io(phase) || phase == Phase::init;
}
bool may_read_secrets(Phase phase) {
    return phase != Phase::map && phase != Phase::oauth;
}

struct OwnedResponse {
    cw_http_response raw{};
    Answer answer;
    std::vector<cw_pair> headers;
    std::string file;
};

void const* CW_CALL get_extension(cw_host const* host, char const* id) {
    State const& state = State::of(host);
    std::pair<std::string_view, void const*> const offers[] = {{CW_EXT_CRYPTO, &state.crypto},
                                                               {CW_EXT_FILES, &state.files_table},
                                                               {CW_EXT_LINKS, &state.links_table},
                                                               {CW_EXT_SECRETS, &state.secrets_table}};
    for (auto const& [offered, table] : offers) {
        if (offered == id) {
            return table;
        }
    }
    return nullptr;
}
std::uint32_t CW_CALL log_enabled(cw_host const*, std::int32_t) {
    return 1;
}
void CW_CALL log(cw_host const* host, cw_call*, std::int32_t level, cw_str message, cw_str fields) {
    State& state = State::of(host);
    std::lock_guard const lock(state.mutex);
    state.lines.push_back({level, text(message), text(fields)});
}
std::int64_t CW_CALL unix_ms(cw_host const* host) {
    return State::of(host).now_ms;
}
void CW_CALL buf_release(cw_host const* host, cw_buf* buffer) {
    delete static_cast<std::string*>(buffer->owner);
    *buffer = {};
    --State::of(host).borrowed;
}
std::int64_t CW_CALL time_left_ms(cw_host const* host, cw_call const* call) {
    std::int64_t const deadline = running(call).deadline_ms;
    return deadline < 0 ? -1 : std::max<std::int64_t>(0, deadline - State::of(host).now_ms);
}
std::uint32_t CW_CALL cancelled(cw_host const* host, cw_call const*) {
    return State::of(host).cancelled ? 1 : 0;
}

cw_status CW_CALL sleep_ms(cw_host const* host, cw_call* call, std::int64_t ms) {
    State& state = State::of(host);
    if (!may_do_io(running(call).phase)) {
        return state.deny();
    }
    if (state.cancelled) {
        return CW_ERR_CANCELLED;
    }
    std::int64_t const left = time_left_ms(host, call);
    if (left >= 0 && ms > left) {
        state.now_ms += left;
        return CW_ERR_DEADLINE;
    }
    state.now_ms += ms;
    return CW_OK;
}

cw_status CW_CALL fail(cw_host const*, cw_call* call, cw_status status, std::int64_t retry_after_ms, cw_str message,
                       cw_str detail) {
    CallResult& result = running(call).result;
    result.message = text(message);
    result.retry_after_ms = retry_after_ms;
    json::error_code error;
    result.detail = detail.len == 0 ? json::value() : json::parse(text(detail), error);
    EXPECT_FALSE(error) << "the detail of fail() is not JSON";
    return status;
}
cw_status CW_CALL note(cw_host const*, cw_call* call, std::int32_t what, cw_str value) {
    running(call).result.notes[what] = text(value);
    return CW_OK;
}
cw_status CW_CALL warn(cw_host const*, cw_call* call, cw_str field, cw_str message) {
    running(call).result.warnings.push_back({text(field), text(message)});
    return CW_OK;
}

cw_status CW_CALL config_get(cw_host const* host, cw_str pointer, cw_buf* out) {
    State& state = State::of(host);
    json::error_code error;
    json::value const* found = state.settings.find_pointer(text(pointer), error);
    if (error || found == nullptr) {
        return CW_ERR_NOT_FOUND;
    }
    state.lend(json::serialize(*found), out);
    return CW_OK;
}
cw_status CW_CALL secret_get(cw_host const* host, cw_call* call, cw_str pointer, cw_buf* out) {
    State& state = State::of(host);
    if (!may_read_secrets(running(call).phase) || !state.declares_secret(text(pointer))) {
        return state.deny();
    }
    std::optional<std::string> found = state.secret(text(pointer));
    if (!found) {
        return CW_ERR_NOT_FOUND;
    }
    state.lend(std::move(*found), out);
    return CW_OK;
}

// The request as it would leave; CW_ERR_NOT_FOUND when there is no such file.
cw_status composed(State& state, cw_http_request const& raw, SentRequest& request) {
    request = SentRequest{text(raw.method),
                          text(raw.url),
                          {},
                          text(raw.body),
                          raw.auth,
                          text(raw.auth_secret),
                          (raw.flags & CW_HTTP_IDEMPOTENT) != 0,
                          state.now_ms};
    for (std::size_t i = 0; i < raw.header_count; ++i) {
        request.headers.emplace_back(text(raw.headers[i].name), text(raw.headers[i].value));
    }
    request.to_file = (raw.flags & CW_HTTP_TO_FILE) != 0;
    if (cw_http_request const* const sized = &raw; CW_HAS(cw_http_request, sized, body_tail)) {
        request.body_file = text(raw.body_file);
        if (!request.body_file.empty()) {
            std::lock_guard const lock(state.mutex);
            auto const found = state.files.find(request.body_file);
            if (found == state.files.end()) {
                return CW_ERR_NOT_FOUND;
            }
            request.body += found->second;
        }
        request.body += text(raw.body_tail);
    }
    return CW_OK;
}

// What the route answers; with OAuth a 401 is asked once more with the next token, as the host does.
cw_status ask(State& state, SentRequest& request, std::optional<Answer>& answer) {
    bool const oauth = request.auth == CW_AUTH_OAUTH;
    if (oauth) {
        if ((state.descriptor->caps & CW_CAP_OAUTH) == 0) {
            return CW_ERR_UNSUPPORTED;
        }
        std::optional<std::string> token = state.oauth_token();
        if (!token) {
            return CW_ERR_AUTH;
        }
        request.oauth_token = std::move(*token);
    }
    answer = state.answer(request);
    if (oauth && answer && answer->transport == CW_OK && answer->status == 401) {
        std::optional<std::string> next = state.oauth_token_instead_of(request.oauth_token);
        if (!next) {
            return CW_ERR_AUTH;
        }
        request.oauth_token = std::move(*next);
        answer = state.answer(request);
    }
    return CW_OK;
}

cw_http_response const* lend_response(State& state, Answer answer, bool to_file) {
    auto* const response = new OwnedResponse;
    response->answer = std::move(answer);
    response->raw.struct_size = sizeof response->raw;
    response->raw.status = response->answer.status;
    response->raw.retry_after_ms = -1;
    for (auto const& [name, value] : response->answer.headers) {
        response->headers.push_back({borrow(name), borrow(value)});
        if (name == "retry-after") {
            response->raw.retry_after_ms = std::stoll(value) * 1000;
        }
    }
    response->raw.headers = response->headers.data();
    response->raw.header_count = response->headers.size();
    if (to_file && response->answer.status / 100 == 2) {
        std::lock_guard const lock(state.mutex);
        response->file = state.keep_file(response->answer.body);
        response->raw.body_file = borrow(response->file);
        response->raw.body_file_size = static_cast<std::int64_t>(response->answer.body.size());
    } else {
        response->raw.body = borrow(response->answer.body);
    }
    response->raw.owner = response;
    ++state.borrowed;
    return &response->raw;
}

cw_status CW_CALL http_send(cw_host const* host, cw_call* call, cw_http_request const* raw,
                            cw_http_response const** out) {
    State& state = State::of(host);
    SentRequest request;
    cw_status const complete = composed(state, *raw, request);
    Phase const phase = running(call).phase;
    bool const secret_ok =
        request.auth == CW_AUTH_NONE || request.auth == CW_AUTH_OAUTH || state.declares_secret(request.auth_secret);
    bool const files_ok = (request.body_file.empty() && !request.to_file) || may_use_files(phase);
    if (!may_do_io(phase) || !state.may_reach(request.url) || !secret_ok || !files_ok) {
        return state.deny();
    }
    if (complete != CW_OK) {
        return complete;
    }
    if (state.cancelled) {
        return CW_ERR_CANCELLED;
    }
    if (time_left_ms(host, call) == 0) {
        return CW_ERR_TRANSIENT;  // the deadline passed before anything was sent
    }
    std::optional<Answer> answer;
    if (cw_status const asked = ask(state, request, answer); asked != CW_OK) {
        return asked;
    }
    if (!answer) {
        ADD_FAILURE() << "no route answers " << request.method << ' ' << request.url;
        return CW_ERR_INTERNAL;
    }
    std::int64_t const left = time_left_ms(host, call);
    if (left >= 0 && answer->takes_ms >= left && answer->takes_ms > 0) {
        state.now_ms += left;
        return CW_ERR_DEADLINE;
    }
    state.now_ms += answer->takes_ms;
    if (answer->transport != CW_OK) {
        return answer->transport;
    }
    if (request.to_file && answer->status / 100 == 2 &&
        static_cast<std::int64_t>(answer->body.size()) > state.file_bytes_max) {
        return CW_ERR_TOO_LARGE;
    }
    *out = lend_response(state, std::move(*answer), request.to_file);
    return CW_OK;
}
void CW_CALL http_release(cw_host const* host, cw_http_response const* response) {
    delete static_cast<OwnedResponse*>(response->owner);
    --State::of(host).borrowed;
}

cw_status CW_CALL kv_get(cw_host const* host, cw_call* call, cw_str key, cw_buf* out, std::uint64_t* version) {
    State& state = State::of(host);
    if (!may_keep_state(running(call).phase)) {
        return state.deny();
    }
    std::lock_guard const lock(state.mutex);
    auto const found = state.kept.find(text(key));
    if (found == state.kept.end()) {
        return CW_ERR_NOT_FOUND;
    }
    state.lend(found->second.first, out);
    *version = found->second.second;
    return CW_OK;
}
// True when the version that the caller counts on still holds; 0 means that the key must not exist.
bool version_holds(State const& state, std::string const& key, std::uint64_t const* if_version) {
    auto const found = state.kept.find(key);
    return if_version == nullptr || *if_version == (found == state.kept.end() ? 0 : found->second.second);
}
cw_status CW_CALL kv_put(cw_host const* host, cw_call* call, cw_str key, cw_str value,
                         std::uint64_t const* if_version) {
    State& state = State::of(host);
    if (!may_keep_state(running(call).phase)) {
        return state.deny();
    }
    std::lock_guard const lock(state.mutex);
    if (!version_holds(state, text(key), if_version)) {
        return CW_ERR_CONFLICT;
    }
    auto& kept = state.kept[text(key)];
    kept = {text(value), kept.second + 1};
    return CW_OK;
}
cw_status CW_CALL kv_delete(cw_host const* host, cw_call* call, cw_str key, std::uint64_t const* if_version) {
    State& state = State::of(host);
    if (!may_keep_state(running(call).phase)) {
        return state.deny();
    }
    std::lock_guard const lock(state.mutex);
    if (!version_holds(state, text(key), if_version)) {
        return CW_ERR_CONFLICT;
    }
    return state.kept.erase(text(key)) == 0 ? CW_ERR_NOT_FOUND : CW_OK;
}

CapturedRecord captured(cw_record const& record) {
    return {text(record.schema), text(record.key), json::parse(text(record.json))};
}
cw_status CW_CALL emit_event(cw_host const*, cw_call* call, cw_event const* event) {
    RunningCall& at = running(call);
    if (at.phase != Phase::parse && at.phase != Phase::poll && at.phase != Phase::sweep && at.phase != Phase::fetch) {
        return CW_ERR_INVALID;
    }
    at.result.events.push_back({text(event->id), text(event->type), text(event->subject), text(event->title),
                                event->occurred_unix_ms,
                                event->record == nullptr ? CapturedRecord{} : captured(*event->record)});
    return CW_OK;
}
cw_status CW_CALL emit_record(cw_host const*, cw_call* call, cw_record const* record) {
    RunningCall& at = running(call);
    if (at.phase != Phase::map && at.phase != Phase::oauth && at.phase != Phase::find) {
        return CW_ERR_INVALID;
    }
    at.result.records.push_back(captured(*record));
    return CW_OK;
}
cw_status CW_CALL set_cursor(cw_host const*, cw_call* call, cw_str cursor) {
    running(call).result.cursor = text(cursor);
    return CW_OK;
}

cw_status CW_CALL hmac_verify(cw_host const* host, cw_call* call, std::int32_t algorithm, cw_str pointer,
                              cw_str const* parts, std::size_t part_count, cw_str given) {
    State& state = State::of(host);
    if (algorithm != CW_HMAC_SHA256) {
        return CW_ERR_UNSUPPORTED;
    }
    if (!may_read_secrets(running(call).phase) || !state.declares_secret(text(pointer))) {
        return state.deny();
    }
    std::optional<std::string> const key = state.secret(text(pointer));
    if (!key) {
        return CW_ERR_NOT_FOUND;
    }
    std::string message;
    for (std::size_t i = 0; i < part_count; ++i) {
        message += text(parts[i]);
    }
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(EVP_sha256(), key->data(), static_cast<int>(key->size()),
         reinterpret_cast<unsigned char const*>(message.data()), message.size(), digest, &size);
    std::string const expected = hex(digest, size);
    bool const same = given.len == expected.size() && CRYPTO_memcmp(given.ptr, expected.data(), given.len) == 0;
    return same ? CW_OK : CW_ERR_AUTH;
}
cw_status CW_CALL sha256_hex(cw_host const*, cw_str data, char* out) {
    std::string const digits = sha256_of(text(data));
    std::copy(digits.begin(), digits.end(), out);
    return CW_OK;
}

}  // namespace

std::string sha256_of(std::string_view bytes) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    EXPECT_EQ(EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr), 1);
    return hex(digest, size);
}

void FakeHost::State::fill_tables() {
    fill_extensions();
    crypto = {sizeof(cw_crypto), 0, hmac_verify, sha256_hex};
    table.struct_size = sizeof table;
    table.abi_minor = CW_ABI_MINOR;
    table.impl = this;
    table.host_name = "crosswalk-fake/0";
    table.connection = connection.c_str();
    table.get_extension = get_extension;
    table.log_enabled = log_enabled;
    table.log = log;
    table.unix_ms = unix_ms;
    table.steady_ms = unix_ms;
    table.buf_release = buf_release;
    table.time_left_ms = time_left_ms;
    table.cancelled = support::cancelled;
    table.sleep_ms = sleep_ms;
    table.fail = fail;
    table.note = note;
    table.warn = warn;
    table.config_get = config_get;
    table.secret_get = secret_get;
    table.http_send = http_send;
    table.http_release = http_release;
    table.kv_get = kv_get;
    table.kv_put = kv_put;
    table.kv_delete = kv_delete;
    table.emit_event = emit_event;
    table.emit_record = emit_record;
    table.set_cursor = set_cursor;
}

}  // namespace crosswalk::support

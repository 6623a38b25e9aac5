#include "plugin_host/host_requests.hpp"

#include "plugin_host/text.hpp"

#include <vector>

namespace crosswalk::plugin_host {
namespace {

std::int32_t small(std::int64_t number) noexcept {
    return number >= INT32_MIN && number <= INT32_MAX ? static_cast<std::int32_t>(number) : INT32_MIN;
}

// A buffer of the host, given back when the answer is written.
class Buffer {
public:
    explicit Buffer(cw_host const& host) noexcept : host_(host) {}
    Buffer(Buffer const&) = delete;
    Buffer& operator=(Buffer const&) = delete;
    ~Buffer() { host_.buf_release(&host_, &raw_); }
    [[nodiscard]] cw_buf* get() noexcept { return &raw_; }
    [[nodiscard]] std::string_view view() const noexcept { return {raw_.ptr, raw_.len}; }

private:
    cw_host const& host_;
    cw_buf raw_{};
};

struct Asked {
    cw_host const& host;
    cw_call* call;
    Reader in;
    Fields out = {};

    // Ends a request that answers with a status only.
    template <class Work>
    void status(Work&& work) {
        if (in.good()) {
            out.put(work());
        }
    }
    void secret_get() {
        std::string_view const pointer = in.text();
        Buffer buffer(host);
        status([&] { return host.secret_get(&host, call, borrow(pointer), buffer.get()); });
        out.put(buffer.view());
    }
    void kv_get() {
        std::string_view const key = in.text();
        Buffer buffer(host);
        std::uint64_t version = 0;
        status([&] { return host.kv_get(&host, call, borrow(key), buffer.get(), &version); });
        out.put(buffer.view()).put(static_cast<std::int64_t>(version));
    }
    void kv_put() {
        std::string_view const key = in.text();
        std::string_view const value = in.text();
        bool const conditional = in.number() != 0;
        auto const version = static_cast<std::uint64_t>(in.number());
        status([&] { return host.kv_put(&host, call, borrow(key), borrow(value), conditional ? &version : nullptr); });
    }
    void kv_delete() {
        std::string_view const key = in.text();
        bool const conditional = in.number() != 0;
        auto const version = static_cast<std::uint64_t>(in.number());
        status([&] { return host.kv_delete(&host, call, borrow(key), conditional ? &version : nullptr); });
    }
    // An absent record is asked about too, so that the refusal has the host's own words.
    cw_record const* record(cw_record& to) {
        bool const present = in.number() != 0;
        to.struct_size = sizeof to;
        to.flags = static_cast<std::uint32_t>(in.number());
        to.schema = borrow(in.text());
        to.key = borrow(in.text());
        to.revision = borrow(in.text());
        to.json = borrow(in.text());
        return present ? &to : nullptr;
    }
    void emit_event() {
        bool const present = in.number() != 0;
        cw_event event{};
        event.struct_size = sizeof event;
        event.flags = static_cast<std::uint32_t>(in.number());
        event.id = borrow(in.text());
        event.type = borrow(in.text());
        event.subject = borrow(in.text());
        event.title = borrow(in.text());
        event.occurred_unix_ms = in.number();
        cw_record raw{};
        event.record = record(raw);
        status([&] { return host.emit_event(&host, call, present ? &event : nullptr); });
    }
    void emit_record() {
        cw_record raw{};
        cw_record const* const given = record(raw);
        status([&] { return host.emit_record(&host, call, given); });
    }
    void hmac_verify() {
        std::int32_t const algorithm = small(in.number());
        std::string_view const pointer = in.text();
        std::string_view const hex = in.text();
        std::vector<cw_str> parts(in.count(64));
        for (cw_str& part : parts) {
            part = borrow(in.text());
        }
        auto const* crypto = static_cast<cw_crypto const*>(host.get_extension(&host, CW_EXT_CRYPTO));
        status([&] {
            return crypto->hmac_verify(&host, call, algorithm, borrow(pointer), parts.data(), parts.size(),
                                       borrow(hex));
        });
    }
    // The table of a host extension; a worker that asks for one that nobody implements hears so.
    template <class Table, class Work>
    void extension(char const* id, Work&& work) {
        auto const* table = static_cast<Table const*>(host.get_extension(&host, id));
        status([&] { return table == nullptr ? CW_ERR_UNSUPPORTED : work(*table); });
    }
    // The same for what gives a text.
    template <class Table, class Work>
    void extension_text(char const* id, Work&& work) {
        Buffer buffer(host);
        extension<Table>(id, [&](Table const& table) { return work(table, buffer.get()); });
        out.put(buffer.view());
    }
    void kept_file(Ask what) {
        cw_str const text = borrow(in.text());  // the bytes of a put, else the id
        std::int64_t const offset = in.number();
        std::int64_t const length = in.number();
        if (what == Ask::file_put) {
            extension_text<cw_files>(
                CW_EXT_FILES, [&](cw_files const& files, cw_buf* id) { return files.put(&host, call, text, id); });
        } else if (what == Ask::file_read) {
            extension_text<cw_files>(CW_EXT_FILES, [&](cw_files const& files, cw_buf* bytes) {
                return files.read(&host, call, text, offset, length, bytes);
            });
        } else {
            std::int64_t size = 0;
            extension<cw_files>(CW_EXT_FILES,
                                [&](cw_files const& files) { return files.size(&host, call, text, &size); });
            out.put(size);
        }
    }
    void kept_link(Ask what) {
        cw_str const kind = borrow(in.text());  // of a find: the ref
        cw_str const id = borrow(in.text());
        cw_str const theirs = borrow(in.text());
        if (what == Ask::link_find) {
            return extension_text<cw_links>(
                CW_EXT_LINKS, [&](cw_links const& links, cw_buf* refs) { return links.find(&host, call, kind, refs); });
        }
        extension<cw_links>(CW_EXT_LINKS, [&](cw_links const& links) {
            return what == Ask::link_put ? links.put(&host, call, kind, id, theirs)
                                         : links.remove(&host, call, kind, id, theirs);
        });
    }
    void kept_secret(Ask what) {
        cw_str const pointer = borrow(in.text());
        cw_str const value = borrow(in.text());
        extension<cw_secrets>(CW_EXT_SECRETS, [&](cw_secrets const& secrets) {
            return what == Ask::secret_put ? secrets.put(&host, call, pointer, value)
                                           : secrets.remove(&host, call, pointer);
        });
    }
    void http_send() {
        cw_http_request request{};
        request.struct_size = sizeof request;
        request.flags = static_cast<std::uint32_t>(in.number());
        request.method = borrow(in.text());
        request.url = borrow(in.text());
        request.body = borrow(in.text());
        request.auth = small(in.number());
        request.auth_secret = borrow(in.text());
        std::vector<cw_pair> headers(in.count(wire_headers_max));
        for (cw_pair& header : headers) {
            header.name = borrow(in.text());
            header.value = borrow(in.text());
        }
        request.headers = headers.data();
        request.header_count = headers.size();
        request.body_file = borrow(in.text());
        request.body_tail = borrow(in.text());
        cw_http_response const* response = nullptr;
        status([&] { return host.http_send(&host, call, &request, &response); });
        if (response == nullptr) {
            return;
        }
        out.put(response->status).put(response->retry_after_ms);
        out.put(std::string_view(response->body.ptr, response->body.len));
        out.put(static_cast<std::int64_t>(response->header_count));
        for (std::size_t i = 0; i < response->header_count; ++i) {
            cw_pair const& header = response->headers[i];
            out.put(std::string_view(header.name.ptr, header.name.len));
            out.put(std::string_view(header.value.ptr, header.value.len));
        }
        out.put(std::string_view(response->body_file.ptr, response->body_file.len)).put(response->body_file_size);
        host.http_release(&host, response);
    }
    void fail() {
        auto const why = small(in.number());
        std::int64_t const retry_after_ms = in.number();
        std::string_view const message = in.text();
        std::string_view const detail = in.text();
        status([&] { return host.fail(&host, call, why, retry_after_ms, borrow(message), borrow(detail)); });
    }
    void note() {
        std::int32_t const what = small(in.number());
        std::string_view const text = in.text();
        status([&] { return host.note(&host, call, what, borrow(text)); });
    }
    void warn() {
        std::string_view const field = in.text();
        std::string_view const message = in.text();
        status([&] { return host.warn(&host, call, borrow(field), borrow(message)); });
    }
    bool run(Ask what) {
        switch (what) {
            case Ask::log: {
                std::int32_t const level = small(in.number());
                std::string_view const message = in.text();
                host.log(&host, call, level, borrow(message), borrow(in.text()));
                break;
            }
            case Ask::sleep: {
                std::int64_t const ms = in.number();
                status([&] { return host.sleep_ms(&host, call, ms); });
                break;
            }
            case Ask::fail:
                fail();
                break;
            case Ask::note:
                note();
                break;
            case Ask::warn:
                warn();
                break;
            case Ask::secret_get:
                secret_get();
                break;
            case Ask::http_send:
                http_send();
                break;
            case Ask::kv_get:
                kv_get();
                break;
            case Ask::kv_put:
                kv_put();
                break;
            case Ask::kv_delete:
                kv_delete();
                break;
            case Ask::emit_event:
                emit_event();
                break;
            case Ask::emit_record:
                emit_record();
                break;
            case Ask::set_cursor: {
                std::string_view const cursor = in.text();
                status([&] { return host.set_cursor(&host, call, borrow(cursor)); });
                break;
            }
            case Ask::hmac_verify:
                hmac_verify();
                break;
            case Ask::file_put:
            case Ask::file_size:
            case Ask::file_read:
                kept_file(what);
                break;
            case Ask::link_put:
            case Ask::link_find:
            case Ask::link_remove:
                kept_link(what);
                break;
            case Ask::secret_put:
            case Ask::secret_remove:
                kept_secret(what);
                break;
            default:
                return false;
        }
        return in.good();
    }
};

// What a worker may put off, because nothing comes back but a status.
bool may_be_deferred(Ask what) noexcept {
    switch (what) {
        case Ask::fail:
        case Ask::note:
        case Ask::warn:
        case Ask::emit_event:
        case Ask::emit_record:
        case Ask::set_cursor:
            return true;
        default:
            return false;
    }
}

}  // namespace

bool take_deferred(cw_host const& host, cw_call* call, std::string_view deferred) {
    Reader all(deferred);
    Asked asked{host, call, Reader({})};
    while (!all.done()) {
        asked.in = Reader(all.text());
        auto const what = static_cast<Ask>(asked.in.number());
        if (!all.good() || !may_be_deferred(what) || !asked.run(what)) {
            return false;
        }
    }
    return true;
}

std::optional<Fields> answer_request(cw_host const& host, cw_call* call, std::string_view fields) {
    Asked asked{host, call, Reader(fields)};
    if (!take_deferred(host, call, asked.in.text())) {
        return std::nullopt;
    }
    auto const what = static_cast<Ask>(asked.in.number());
    return asked.run(what) ? std::optional(std::move(asked.out)) : std::nullopt;
}

void log_line(cw_host const& host, cw_call* call, std::string_view fields) {
    Asked asked{host, call, Reader(fields)};
    (void)asked.run(Ask::log);
}

}  // namespace crosswalk::plugin_host

// The example connector against a host of a few lines: what it sends, and what it makes of each answer.
#include <crosswalk/connector.h>

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::string text(cw_str view) {
    return view.len == 0 ? std::string() : std::string(view.ptr, view.len);
}
cw_str borrow(std::string_view view) {
    return {view.data(), view.size()};
}

// One connection of the example connector, and everything it told the host.
class Acme : public testing::Test {
protected:
    Acme() {
        host_.struct_size = sizeof host_;
        host_.impl = this;
        host_.config_get = [](cw_host const* host, cw_str pointer, cw_buf* out) -> cw_status {
            Acme& self = of(host);
            if (text(pointer) != "/base_url" || self.base_url_.empty()) {
                return CW_ERR_NOT_FOUND;
            }
            ++self.borrowed_;
            *out = {self.base_url_.data(), self.base_url_.size(), nullptr};
            return CW_OK;
        };
        host_.buf_release = [](cw_host const* host, cw_buf*) { --of(host).borrowed_; };
        host_.fail = [](cw_host const* host, cw_call*, cw_status status, std::int64_t wait, cw_str message, cw_str) {
            of(host).message_ = text(message);
            of(host).wait_ms_ = wait;
            return status;
        };
        host_.emit_record = [](cw_host const* host, cw_call*, cw_record const* record) -> cw_status {
            of(host).emitted_.push_back(text(record->schema) + "|" + text(record->key) + "|" + text(record->json));
            return CW_OK;
        };
        host_.http_send = [](cw_host const* host, cw_call*, cw_http_request const* request,
                             cw_http_response const** out) -> cw_status {
            Acme& self = of(host);
            self.sent_ = text(request->method) + " " + text(request->url) + " " + text(request->body);
            for (std::size_t i = 0; i < request->header_count; ++i) {
                self.headers_ += text(request->headers[i].name) + "=" + text(request->headers[i].value) + ";";
            }
            self.auth_ = std::to_string(request->auth) + text(request->auth_secret);
            self.flags_ = request->flags;
            if (self.send_status_ == CW_OK) {
                ++self.borrowed_;
                *out = &self.answer_;
            }
            return self.send_status_;
        };
        host_.http_release = [](cw_host const* host, cw_http_response const*) { --of(host).borrowed_; };
        answer_.struct_size = sizeof answer_;
        answer_.retry_after_ms = -1;
        EXPECT_EQ(cw_connector_entry_v0()->create("acme", &host_, &acme_), CW_OK);
    }
    ~Acme() override {
        acme_->deactivate(acme_);
        acme_->destroy(acme_);
        EXPECT_EQ(borrowed_, 0) << "what the host lends is given back";
    }

    static Acme& of(cw_host const* host) { return *static_cast<Acme*>(host->impl); }

    cw_status push(std::int32_t http_status) {
        answer_.status = http_status;
        cw_record record{};
        record.struct_size = sizeof record;
        record.json = borrow(R"({"last_name":"Example"})");
        cw_push_request request{};
        request.struct_size = sizeof request;
        request.idempotency_key = borrow("key-1");
        request.record = &record;
        result_ = {};
        result_.struct_size = sizeof result_;
        EXPECT_EQ(acme_->init(acme_, nullptr), CW_OK);
        EXPECT_EQ(acme_->activate(acme_, nullptr), CW_OK);
        return acme_->push(acme_, nullptr, &request, &result_);
    }

    cw_host host_{};
    cw_connector* acme_ = nullptr;
    cw_http_response answer_{};
    cw_push_result result_{};
    std::string base_url_ = "\"https://acme.example.com/api/\"";
    cw_status send_status_ = CW_OK;
    int borrowed_ = 0;
    std::string message_;
    std::int64_t wait_ms_ = 0;
    std::vector<std::string> emitted_;
    std::string sent_;
    std::string headers_;
    std::string auth_;
    std::uint32_t flags_ = 0;
};

TEST_F(Acme, SetsExactlyTheHooksOfItsCapabilities) {
    EXPECT_EQ(acme_->desc->caps, CW_CAP_MAP_OUT | CW_CAP_PUSH);
    EXPECT_NE(acme_->map, nullptr);
    EXPECT_NE(acme_->push, nullptr);
    EXPECT_EQ(acme_->webhook_verify, nullptr);
    EXPECT_EQ(acme_->webhook_parse, nullptr);
    EXPECT_EQ(acme_->poll, nullptr);
}

TEST_F(Acme, IsTheOnlyConnectorOfItsLibrary) {
    cw_library const* const library = cw_connector_entry_v0();
    EXPECT_EQ(library->count(), 1U);
    EXPECT_EQ(library->describe(0), acme_->desc);
    EXPECT_EQ(library->describe(1), nullptr);
    cw_connector* none = nullptr;
    EXPECT_EQ(library->create("other", &host_, &none), CW_ERR_NOT_FOUND);
    EXPECT_EQ(library->create(nullptr, &host_, &none), CW_ERR_NOT_FOUND);
}

TEST_F(Acme, PassesTheRecordOnUnderItsOwnSchema) {
    cw_record in{};
    in.struct_size = sizeof in;
    in.schema = borrow("crosswalk.hire/1");
    in.key = borrow("k");
    in.json = borrow("{}");
    cw_map_request const request{sizeof request, CW_MAP_OUT, borrow("acme.person/1"), &in};
    EXPECT_EQ(acme_->map(acme_, nullptr, &request), CW_OK);
    EXPECT_EQ(emitted_, std::vector<std::string>{"acme.person/1|k|{}"});
}

TEST_F(Acme, PostsTheRecordWithTheSecretLeftToTheHost) {
    EXPECT_EQ(push(201), CW_OK);
    EXPECT_EQ(sent_, R"(POST https://acme.example.com/api/people {"last_name":"Example"})");
    EXPECT_EQ(headers_, "Content-Type=application/json;Idempotency-Key=key-1;");
    EXPECT_EQ(auth_, "1/api_key");
    EXPECT_EQ(flags_ & CW_HTTP_IDEMPOTENT, 0U);
}

TEST_F(Acme, TurnsEachStatusIntoItsOutcome) {
    struct Case {
        std::int32_t http;
        cw_status status;
        std::int32_t outcome;
    };
    for (Case const& each :
         {Case{200, CW_OK, CW_PUSH_DELIVERED}, Case{204, CW_OK, CW_PUSH_DELIVERED}, Case{409, CW_OK, CW_PUSH_DUPLICATE},
          Case{500, CW_OK, CW_PUSH_UNKNOWN}, Case{504, CW_OK, CW_PUSH_UNKNOWN}, Case{401, CW_ERR_AUTH, 0},
          Case{403, CW_ERR_AUTH, 0}, Case{429, CW_ERR_RATE_LIMITED, 0}, Case{503, CW_ERR_RATE_LIMITED, 0},
          Case{400, CW_ERR_INVALID, 0}, Case{422, CW_ERR_INVALID, 0}, Case{302, CW_ERR_INVALID, 0}}) {
        EXPECT_EQ(push(each.http), each.status) << each.http;
        EXPECT_EQ(result_.outcome, each.outcome) << each.http;
        EXPECT_EQ(message_.empty(), each.status == CW_OK) << each.http;
        message_.clear();
    }
}

TEST_F(Acme, HandsTheVendorsWaitOn) {
    answer_.retry_after_ms = 1500;
    EXPECT_EQ(push(429), CW_ERR_RATE_LIMITED);
    EXPECT_EQ(wait_ms_, 1500);
}

TEST_F(Acme, SaysWhyWhenThereIsNoAnswer) {
    send_status_ = CW_ERR_DEADLINE;
    EXPECT_EQ(push(0), CW_ERR_DEADLINE);
    EXPECT_EQ(message_, "Acme gave no answer.");
}

TEST_F(Acme, RefusesABaseUrlThatItCannotUse) {
    for (std::string const& bad : {std::string(), std::string("\"\""), std::string("7"), std::string("\"a\\u0041\""),
                                   "\"" + std::string(600, 'x') + "\""}) {
        base_url_ = bad;
        EXPECT_EQ(acme_->init(acme_, nullptr), CW_ERR_CONFIG) << bad;
        EXPECT_NE(message_.find("base_url"), std::string::npos);
    }
}

TEST_F(Acme, TakesABaseUrlUpToItsLimit) {
    base_url_ = "\"" + std::string(504, 'x') + "\"";
    EXPECT_EQ(acme_->init(acme_, nullptr), CW_OK);
    base_url_ = "\"" + std::string(505, 'x') + "\"";
    EXPECT_EQ(acme_->init(acme_, nullptr), CW_ERR_CONFIG);
}

}  // namespace

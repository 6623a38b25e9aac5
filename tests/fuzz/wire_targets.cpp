// What comes back from a worker process, which runs foreign code: frames, requests and a library's description.
//
// Input    first byte: 0 a frame's header and its fields, 1 the description of a library, else the fields of a request
//          that a hook of that phase makes.
#include "fuzz/targets.hpp"
#include "plugin_host/call.hpp"
#include "plugin_host/host_requests.hpp"
#include "plugin_host/host_services.hpp"
#include "plugin_host/kept_services.hpp"
#include "plugin_host/remote_descriptor.hpp"
#include "plugin_host/wire.hpp"
#include "support/fake_clock.hpp"

#include <sstream>

namespace crosswalk::fuzz {
namespace {

using namespace plugin_host;
using model::Error;
using model::ErrorCode;
using model::Result;

class OneSecret final : public model::SecretSource {
public:
    [[nodiscard]] Result<model::Secret> resolve(std::string_view) const override { return model::Secret("s3cret"); }
};

class OneValue final : public KeyValues {
public:
    [[nodiscard]] Result<std::pair<std::string, std::uint64_t>> get(std::string const& key) override {
        if (key != "k") {
            return Error{ErrorCode::not_found, "no such key"};
        }
        return std::pair(std::string("value"), std::uint64_t{7});
    }
    [[nodiscard]] Result<void> put(std::string const&, std::string const&,
                                   std::optional<std::uint64_t> version) override {
        return version.value_or(7) == 7 ? Result<void>() : Result<void>(Error{ErrorCode::already_exists, "changed"});
    }
    [[nodiscard]] Result<void> remove(std::string const&, std::optional<std::uint64_t>) override { return {}; }
};

void read_frame(std::string_view bytes) {
    auto const header = parse_frame_header(bytes.substr(0, frame_header_bytes));
    if (!header) {
        return;
    }
    require(header->bytes <= frame_bytes_max, "a frame is within its limit");
    std::string_view const fields = bytes.substr(frame_header_bytes);
    plugin_host::Reader reader(fields);
    for (std::size_t i = 0; i < fields.size() + 2; ++i) {
        std::string_view const text = reader.text();
        require(text.empty() ||
                    (text.data() >= fields.data() && text.data() + text.size() <= fields.data() + fields.size()),
                "a field lies within its frame");
    }
}

void describe(std::string_view fields) {
    plugin_host::Reader reader(fields);
    auto const description = read_description("/connectors/fuzz/fuzz.so", reader);
    if (!description) {
        require(!description.error().detail.empty(), "a refusal has words");
        return;
    }
    require(description->infos.size() == description->descriptors.size(), "each connector has its descriptor");
    for (ConnectorInfo const& info : description->infos) {
        require(!info.id.empty(), "a connector has an id");
    }
}

void ask(Phase phase, std::string_view fields) {
    static support::FakeClock const clock;
    static std::ostringstream log;
    static telemetry::Logger logger(log, clock);
    static http::Client client({}, clock, logger);
    static OneSecret const secrets;
    static OneValue values;
    log.str({});
    ConnectorInfo info;
    info.id = "fuzz";
    info.triggers = {{"thing.made", "A thing", "fuzz.thing/1", "crosswalk.hire/1"}};
    info.secrets = {"/api_key"};
    TestLinks links;
    TestKeptSecrets kept;
    // Nothing is on the egress list, so no request leaves this process.
    HostServices services(info,
                          Services{"here",
                                   {{"api_key", "secret:env/k"}},
                                   client,
                                   secrets,
                                   values,
                                   clock,
                                   logger,
                                   0,
                                   nullptr,
                                   &links,
                                   &kept,
                                   nullptr},
                          {});
    Call call{phase};
    auto const ticket = services.calls().open(call, clock.steady_now());
    require(ticket.has_value(), "a call can be opened");
    auto const answer = answer_request(*services.table(), ticket->handle(), fields);
    require(!answer || answer->bytes().size() <= frame_bytes_max, "an answer fits into a frame");
    (void)take_deferred(*services.table(), ticket->handle(), fields);
    require(call.events.size() <= outputs_max && call.records.size() <= outputs_max, "outputs are limited");
    log_line(*services.table(), nullptr, fields);
}

}  // namespace

void run_wire(std::string_view input) {
    std::uint8_t const what = take_byte(input).value_or(0);
    if (what == 0) {
        read_frame(input);
    } else if (what == 1) {
        describe(input);
    } else {
        ask(static_cast<Phase>(what % phase_count), input);
    }
}

}  // namespace crosswalk::fuzz

// What comes back from a worker process, which runs foreign code: frames, requests and a library's description.
//
// Input    first byte: 0 a frame's header and its fields, 1 the description of a library, 255 what a worker writes on a
//          lane (pieces: a byte that tells how many follow, then they), else the fields of a request that a hook of
//          that phase makes.
#include "fuzz/targets.hpp"
#include "plugin_host/call.hpp"
#include "plugin_host/host_requests.hpp"
#include "plugin_host/host_services.hpp"
#include "plugin_host/kept_services.hpp"
#include "plugin_host/lane.hpp"
#include "plugin_host/remote_descriptor.hpp"
#include "plugin_host/wire.hpp"
#include "support/fake_clock.hpp"

#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

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

// What a lane may make of the bytes that came since its last frame.
void require_heard(Lane::Heard heard, Frame const& frame, std::string_view came) {
    auto const header =
        came.size() < frame_header_bytes ? std::nullopt : parse_frame_header(came.substr(0, frame_header_bytes));
    bool const sense = header || came.size() < frame_header_bytes;
    std::size_t const whole = frame_header_bytes + (header ? header->bytes : 0);
    require((heard == Lane::Heard::nothing_yet) == (sense && came.size() < whole), "a lane waits for a whole frame");
    require((heard == Lane::Heard::broken) == (!sense || came.size() > whole), "a lane takes one frame at a time");
    if (heard == Lane::Heard::frame) {
        require(frame.type == header->type && frame.call == header->call, "a lane gives the header that came");
        require(frame.fields == came.substr(frame_header_bytes), "a lane gives the fields that came");
    }
}

void hear(std::string_view pieces) {
    auto ends = platform::Channel::pair();
    require(ends.has_value(), "a channel can be made");
    std::unique_ptr<platform::Channel> const worker = std::move(ends->first);
    Lane lane(std::move(ends->second));
    Frame frame;
    std::string came;
    while (auto const size = take_byte(pieces)) {
        std::string_view const piece = pieces.substr(0, *size);
        pieces.remove_prefix(piece.size());
        require(worker->send(piece, std::chrono::steady_clock::time_point::max()), "a channel takes a piece");
        came += piece;
        Lane::Heard const heard = lane.hear(frame, std::chrono::steady_clock::now());
        require_heard(heard, frame, came);
        if (heard == Lane::Heard::broken) {
            return;  // What follows on such a lane is not to be read.
        }
        if (heard == Lane::Heard::frame) {
            came.clear();
        }
    }
    worker->shut_down();
    require(lane.hear(frame, std::chrono::steady_clock::now()) == Lane::Heard::ended, "a lane ends with its worker");
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
    } else if (what == 255) {
        hear(input);
    } else {
        ask(static_cast<Phase>(what % phase_count), input);
    }
}

}  // namespace crosswalk::fuzz

// The control side of the played ChartHop: what README.md lists under /control/charthop. The state's lock is held.
#pragma once

#include "sandbox/charthop/state.hpp"
#include "sandbox/endpoints.hpp"
#include "sandbox/webhook_sender.hpp"

#include <boost/json.hpp>

#include <vector>

namespace crosswalk::sandbox::charthop {

// Where ChartHop sends events; an empty address: nowhere.
struct Hook {
    std::string url = {};
    RetryPolicy policy = {};
};

struct ControlCall {
    State& state;
    Hook& hook;
    WebhookSender& sender;
    Request const& request;
    boost::json::object const& body;
    Arguments ids;
    std::vector<boost::json::object>& news;
};

[[nodiscard]] std::vector<Endpoint<ControlCall>> const& controls();

}  // namespace crosswalk::sandbox::charthop

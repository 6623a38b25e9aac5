// A library's description on its way from a worker to the host.
//
// Shape    the worker puts what it copied and checked; the host builds a cw_descriptor of it and checks that again as
//          if it were a library's own, because a worker runs foreign code.
// Errors   those of copy_descriptor; invalid_argument when the fields are broken.
// Threads  values.
#pragma once

#include "model/error.hpp"
#include "plugin_host/connector.hpp"
#include "plugin_host/wire.hpp"
#include <crosswalk/connector.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace crosswalk::plugin_host {

void put_connector(Fields& to, ConnectorInfo const& info);

// A cw_descriptor with everything that it points to.
class RemoteDescriptor {
public:
    explicit RemoteDescriptor(Reader& from);
    RemoteDescriptor(RemoteDescriptor const&) = delete;
    RemoteDescriptor& operator=(RemoteDescriptor const&) = delete;
    [[nodiscard]] cw_descriptor const* get() const noexcept { return &raw_; }

private:
    [[nodiscard]] char const* keep(Reader& from);
    [[nodiscard]] std::vector<char const*> keep_list(Reader& from);

    std::deque<std::string> texts_;  // stay where they are
    std::deque<cw_trigger> triggers_;
    std::deque<cw_action> actions_;
    std::vector<cw_trigger const*> trigger_list_;
    std::vector<cw_action const*> action_list_;
    std::vector<char const*> secrets_;
    std::vector<char const*> egress_;
    cw_descriptor raw_{};
};

struct Description {
    std::vector<ConnectorInfo> infos;
    std::vector<std::unique_ptr<RemoteDescriptor>> descriptors;  // beside infos
};
// Reads what follows the head of an open's result.
[[nodiscard]] model::Result<Description> read_description(std::string const& path, Reader& from);

}  // namespace crosswalk::plugin_host

// crosswalk-worker: runs the code of one connector library for a host, and nothing else. The host starts it; it reads
// no argument, opens no file but the library, and ends when the host does.
#include "platform/child_process.hpp"
#include "plugin_host/worker/session.hpp"

#include <cstdlib>
#include <memory>

int main() {
    using namespace crosswalk;
    platform::confine_child();
    std::unique_ptr<platform::Channel> const channel = platform::inherited_channel();
    plugin_host::worker::Session session(*channel);
    session.run();
    // Nothing is destroyed: threads may still run the connector's code, and the host is gone.
    platform::end_now(EXIT_SUCCESS);
}

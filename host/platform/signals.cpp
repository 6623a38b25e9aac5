#include "platform/signals.hpp"

#ifndef _WIN32
#include <csignal>
#endif

namespace crosswalk::platform {

void block_termination_signals() noexcept {
#ifndef _WIN32
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGQUIT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
#endif
}

}  // namespace crosswalk::platform

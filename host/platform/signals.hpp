// Termination: one signal asks the host to stop, more of them change nothing.
#pragma once

namespace crosswalk::platform {

// Blocks SIGINT, SIGTERM and SIGQUIT in this thread and every thread it starts, so that only the thread that waits for
// them sees them: without it a second signal would end the process in the middle of its drain. Call it first in main.
// Windows delivers such requests on a thread of their own; there it does nothing.
void block_termination_signals() noexcept;

}  // namespace crosswalk::platform

#include "os/process_setup.h"

#include <sys/prctl.h>

namespace oversoak::os {

// The kernel lets a timed wait be 50 us late, to wake a processor less often, unless a thread says
// otherwise. Threads inherit it from the one that starts them.
void set_up_process() noexcept { prctl(PR_SET_TIMERSLACK, 1UL); }

}  // namespace oversoak::os

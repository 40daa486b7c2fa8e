#include "os/thread_place.h"

namespace oversoak::os {

void place_current_thread() noexcept {}

}  // namespace oversoak::os

#pragma once

#include <windows.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace oversoak::os {

// Active processors of each processor group.
std::vector<std::size_t> processors_of_groups();

// The one group that this process was started in although the machine has others, and nobody has
// bound it to some processors; found once, before a thread leaves the group. None: the system
// spreads the threads itself, there is one group, or the process was bound.
std::optional<WORD> only_group() noexcept;

}  // namespace oversoak::os

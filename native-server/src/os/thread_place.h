#pragma once

#include <cstddef>
#include <numeric>
#include <span>

namespace oversoak::os {

// Called by each native thread at its start. Windows before 11 and Server 2022 keeps a process in
// one processor group (64 processors at the most) unless its threads leave it; this gives each
// thread the next processor's group. Elsewhere the system chooses, and this does nothing.
void place_current_thread() noexcept;

// The group of the `thread`-th thread (from 0) of a process that begins in the group `first`: one
// thread to a processor, group after group, and over again. `processors`: of each group.
inline std::size_t group_of_thread(std::size_t thread, std::size_t first,
                                   std::span<const std::size_t> processors) noexcept {
  const std::size_t all = std::accumulate(processors.begin(), processors.end(), std::size_t{0});
  if (all == 0) return first;
  std::size_t left = thread % all;
  for (std::size_t i = 0; i < processors.size(); ++i) {
    const std::size_t group = (first + i) % processors.size();
    if (left < processors[group]) return group;
    left -= processors[group];
  }
  return first;
}

}  // namespace oversoak::os

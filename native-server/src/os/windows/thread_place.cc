#include "os/thread_place.h"

#include <atomic>

#include "os/windows/processor_groups.h"

namespace oversoak::os {
namespace {

std::optional<WORD> find_only_group() noexcept {
  USHORT count = 1;
  USHORT group = 0;
  // Fails with more groups than one: then the system spreads the threads.
  if (GetActiveProcessorGroupCount() < 2 ||
      !GetProcessGroupAffinity(GetCurrentProcess(), &count, &group)) {
    return std::nullopt;
  }
  DWORD_PTR own = 0;
  DWORD_PTR of_group = 0;
  if (!GetProcessAffinityMask(GetCurrentProcess(), &own, &of_group) || own != of_group) {
    return std::nullopt;
  }
  return group;
}

KAFFINITY all_of(std::size_t processors) noexcept {
  constexpr std::size_t kMax = 8 * sizeof(KAFFINITY);
  return processors >= kMax ? ~KAFFINITY{0} : (KAFFINITY{1} << processors) - 1;
}

}  // namespace

std::vector<std::size_t> processors_of_groups() {
  std::vector<std::size_t> processors(GetActiveProcessorGroupCount());
  for (std::size_t group = 0; group < processors.size(); ++group) {
    processors[group] = GetActiveProcessorCount(static_cast<WORD>(group));
  }
  return processors;
}

std::optional<WORD> only_group() noexcept {
  static const std::optional<WORD> found = find_only_group();
  return found;
}

void place_current_thread() noexcept {
  const auto first = only_group();
  if (!first) return;
  static const std::vector<std::size_t> processors = processors_of_groups();
  static std::atomic<std::size_t> threads{0};
  const std::size_t group = group_of_thread(threads.fetch_add(1), *first, processors);
  GROUP_AFFINITY place{};
  place.Mask = all_of(processors[group]);
  place.Group = static_cast<WORD>(group);
  // A thread that may not leave its group stays there.
  SetThreadGroupAffinity(GetCurrentThread(), &place, nullptr);
}

}  // namespace oversoak::os

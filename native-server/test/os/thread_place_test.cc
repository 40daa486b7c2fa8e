#include "os/thread_place.h"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <vector>

using oversoak::os::group_of_thread;

namespace {

// Of the first threads of a process that begins in the group `first`.
std::vector<std::size_t> groups_of(std::size_t threads, std::size_t first,
                                   std::span<const std::size_t> processors) {
  std::vector<std::size_t> groups;
  for (std::size_t thread = 0; thread < threads; ++thread) {
    groups.push_back(group_of_thread(thread, first, processors));
  }
  return groups;
}

}  // namespace

TEST_SUITE_BEGIN("thread place");

TEST_CASE("a thread to each processor, from the process's own group on, and over again") {
  const std::array<std::size_t, 3> processors{2, 1, 3};
  CHECK(groups_of(8, 0, processors) == std::vector<std::size_t>{0, 0, 1, 2, 2, 2, 0, 0});
  CHECK(groups_of(8, 1, processors) == std::vector<std::size_t>{1, 2, 2, 2, 0, 0, 1, 2});
}

TEST_CASE("a group without active processors gets no thread") {
  const std::array<std::size_t, 2> processors{0, 2};
  CHECK(groups_of(3, 0, processors) == std::vector<std::size_t>{1, 1, 1});
  CHECK(group_of_thread(5, 0, std::array<std::size_t, 2>{0, 0}) == 0);
}

TEST_SUITE_END();

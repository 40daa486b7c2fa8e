#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "enum_names.h"

namespace oversoak::metrics {

// The first records of each class of one thread. One thread writes, any may read; what comes after
// the first ones costs one compare. `Record` has `error`, its class (an enum that counts from 0 and
// ends with `end`), and `at_ns`.
template <typename Record>
class FirstOfClass {
 public:
  using Class = decltype(Record::error);
  static constexpr std::size_t kMaxOfClass = 5;

  // The writer.
  bool wants(Class error) const noexcept { return seen_[index(error)] < kMaxOfClass; }
  void note(const Record& record) {
    ++seen_[index(record.error)];
    const std::lock_guard lock(mutex_);
    kept_.push_back(record);
  }

  // Appends them, in their order.
  void copy_to(std::vector<Record>& all) const {
    const std::lock_guard lock(mutex_);
    all.insert(all.end(), kept_.begin(), kept_.end());
  }

  // The first of each class among those of several threads, oldest first.
  static std::vector<Record> first_of(std::vector<Record> all) {
    std::ranges::stable_sort(all, {}, &Record::at_ns);
    std::array<std::size_t, kValuesOf<Class>> seen{};
    std::erase_if(all,
                  [&](const Record& record) { return ++seen[index(record.error)] > kMaxOfClass; });
    return all;
  }

 private:
  static constexpr std::size_t index(Class error) noexcept {
    return static_cast<std::size_t>(error);
  }

  std::array<std::size_t, kValuesOf<Class>> seen_{};  // the writer's
  mutable std::mutex mutex_;
  std::vector<Record> kept_;  // under the mutex
};

}  // namespace oversoak::metrics

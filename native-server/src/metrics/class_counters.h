#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "enum_names.h"
#include "metrics/counter.h"

namespace oversoak::metrics {

// Plain counts by class, for adding up. `Class`: an enum that counts from 0 and ends with `end`.
template <typename Class>
struct ClassCounts {
  std::array<std::uint64_t, kValuesOf<Class>> by_class{};

  std::uint64_t& operator[](Class value) noexcept {
    return by_class[static_cast<std::size_t>(value)];
  }
  std::uint64_t operator[](Class value) const noexcept {
    return by_class[static_cast<std::size_t>(value)];
  }
  ClassCounts& operator+=(const ClassCounts& other) noexcept {
    for (std::size_t i = 0; i < by_class.size(); ++i) by_class[i] += other.by_class[i];
    return *this;
  }
  ClassCounts& operator-=(const ClassCounts& other) noexcept {
    for (std::size_t i = 0; i < by_class.size(); ++i) by_class[i] -= other.by_class[i];
    return *this;
  }
  bool operator==(const ClassCounts&) const noexcept = default;
};

// A counter for each class. One writing thread, any number of readers.
template <typename Class>
class ClassCounters {
 public:
  void add(Class value, std::uint64_t amount = 1) noexcept {
    counters_[static_cast<std::size_t>(value)].add(amount);
  }

  ClassCounts<Class> load() const noexcept {
    ClassCounts<Class> counts;
    for (std::size_t i = 0; i < counters_.size(); ++i) counts.by_class[i] = counters_[i].load();
    return counts;
  }

 private:
  std::array<Counter, kValuesOf<Class>> counters_;
};

}  // namespace oversoak::metrics

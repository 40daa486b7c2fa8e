#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "layout/zone_message.h"
#include "metrics/counter.h"

namespace oversoak::layout {

// The reusable zone messages of one thread. `Message`: a ZoneMessage. It outlives all references to
// them.
template <typename Message>
class ZonePool {
 public:
  ZonePool() = default;
  ZonePool(const ZonePool&) = delete;
  ZonePool& operator=(const ZonePool&) = delete;

  // The thread.
  Message& take() {
    if (free_ == nullptr) free_ = returned_.exchange(nullptr, std::memory_order_acquire);
    if (free_ == nullptr) return make();
    Pooled& message = *free_;
    free_ = message.next;
    return message;
  }

  // Any thread: as many as were out at once at the most.
  std::uint64_t made() const noexcept { return made_.load(); }

 private:
  struct Pooled : Message {
    ZonePool* pool = nullptr;
    Pooled* next = nullptr;  // in the list of those that were given back
  };

  Message& make() {
    Pooled& message = *all_.emplace_back(std::make_unique<Pooled>());
    message.pool = this;
    message.recycle = recycle;
    made_.add();
    return message;
  }

  // Any thread. The list is only ever taken as a whole, so a push cannot mistake its head.
  static void recycle(ZoneMessage& returned) noexcept {
    auto& message = static_cast<Pooled&>(returned);
    message.ordered = false;
    std::atomic<Pooled*>& head = message.pool->returned_;
    message.next = head.load(std::memory_order_relaxed);
    while (!head.compare_exchange_weak(message.next, &message, std::memory_order_release,
                                       std::memory_order_relaxed)) {
    }
  }

  std::vector<std::unique_ptr<Pooled>> all_;
  Pooled* free_ = nullptr;
  std::atomic<Pooled*> returned_{nullptr};
  metrics::Counter made_;
};

// Of the ticks of the zones that one thread owns.
using ZoneTickPool = ZonePool<ZoneMessage>;

}  // namespace oversoak::layout

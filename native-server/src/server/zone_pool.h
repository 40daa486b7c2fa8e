#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "layout/zone_message.h"
#include "metrics/counter.h"

namespace oversoak::server {

struct PooledMessage;
struct Session;
class ZonePool;

// A zone message of a session. The session is there until the message has come home.
struct PooledZoneMessage : layout::ZoneMessage {
  Session* session = nullptr;
  PooledMessage* message = nullptr;  // that went through the content threads for it; null: none
  ZonePool* pool = nullptr;
  PooledZoneMessage* next = nullptr;  // in the list of those that were given back
};

// The reusable zone messages of one IO thread. It outlives all references to them.
class ZonePool {
 public:
  ZonePool() = default;
  ZonePool(const ZonePool&) = delete;
  ZonePool& operator=(const ZonePool&) = delete;

  // The IO thread.
  PooledZoneMessage& take() {
    if (free_ == nullptr) free_ = returned_.exchange(nullptr, std::memory_order_acquire);
    if (free_ == nullptr) return make();
    PooledZoneMessage& message = *free_;
    free_ = message.next;
    return message;
  }

  // Any thread: as many as were out at once at the most.
  std::uint64_t made() const noexcept { return made_.load(); }

 private:
  PooledZoneMessage& make() {
    PooledZoneMessage& message = *all_.emplace_back(std::make_unique<PooledZoneMessage>());
    message.pool = this;
    message.recycle = recycle;
    made_.add();
    return message;
  }

  // Any thread. The list is only ever taken as a whole, so a push cannot mistake its head.
  static void recycle(layout::ZoneMessage& returned) noexcept {
    auto& message = static_cast<PooledZoneMessage&>(returned);
    message.ordered = false;
    std::atomic<PooledZoneMessage*>& head = message.pool->returned_;
    message.next = head.load(std::memory_order_relaxed);
    while (!head.compare_exchange_weak(message.next, &message, std::memory_order_release,
                                       std::memory_order_relaxed)) {
    }
  }

  std::vector<std::unique_ptr<PooledZoneMessage>> all_;
  PooledZoneMessage* free_ = nullptr;
  std::atomic<PooledZoneMessage*> returned_{nullptr};
  metrics::Counter made_;
};

}  // namespace oversoak::server

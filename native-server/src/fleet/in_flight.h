#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace oversoak::fleet {

// Messages in flight of all threads of a fleet. Any thread.
using FleetInFlight = std::atomic<std::int64_t>;

// What one thread knows of them: its server answers the messages of all. Thread: the fleet thread.
class ThreadInFlight {
 public:
  // Null: the thread is alone.
  explicit ThreadInFlight(FleetInFlight* fleet) noexcept : fleet_(fleet) {}

  // All of them, of which so many are the thread's own.
  std::uint64_t of_fleet(std::uint64_t own) const noexcept {
    if (fleet_ == nullptr) return own;
    const std::int64_t others = fleet_->load(std::memory_order_relaxed) - published_;
    return own + static_cast<std::uint64_t>(std::max<std::int64_t>(0, others));
  }

  // Tells the other threads, each time that the thread runs, and not for each message.
  void publish(std::uint64_t own) noexcept {
    const auto messages = static_cast<std::int64_t>(own);
    if (fleet_ == nullptr || messages == published_) return;
    fleet_->fetch_add(messages - published_, std::memory_order_relaxed);
    published_ = messages;
  }

 private:
  FleetInFlight* const fleet_;
  std::int64_t published_ = 0;
};

}  // namespace oversoak::fleet

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "layout/zone_message.h"
#include "wire/outbox.h"

namespace oversoak::server {

// What becomes of the deliveries of a member that reads too slowly: of whom sendQueueBytes of them
// wait.
enum class ZonePolicy : std::uint8_t {
  close,   // its session ends
  drop,    // the new one is left out
  newest,  // all that wait are left out in favour of the new one
};

// Deliveries and answers that wait for the send of one member, oldest first: references to what all
// members share. What the session is owed itself, its own broadcasts and its answers, is never left
// out. Thread: the session's IO thread.
class ZoneBacklog {
 public:
  ZoneBacklog(ZonePolicy policy, std::size_t limit_bytes)
      : policy_(policy), limit_bytes_(limit_bytes) {}

  struct Added {
    bool queued = false;
    bool overflowed = false;    // not queued: the session has to end
    std::uint64_t dropped = 0;  // 1: not queued, left out
    std::uint64_t replaced = 0;
  };
  // `owed`: to this session itself.
  Added add(layout::ZoneRef message, bool owed);

  // Copies what waits to the end of the outbox, until that has `max_bytes` more or no room; at
  // least one message if that has room for it. What was left out is told in the next that leaves.
  void load(wire::Outbox& outbox, std::size_t max_bytes);

  bool empty() const noexcept { return size_ == 0; }
  std::size_t bytes() const noexcept { return owed_bytes_ + other_bytes_; }

 private:
  struct Waiting {
    layout::ZoneRef message;
    std::uint32_t skipped = 0;  // left out before it
    bool owed = false;
  };

  Waiting& at(std::size_t index) noexcept { return ring_[(first_ + index) & (ring_.size() - 1)]; }
  void push(Waiting waiting);
  void pop() noexcept;
  std::uint64_t leave_out_others() noexcept;
  std::size_t& bytes_of(bool owed) noexcept { return owed ? owed_bytes_ : other_bytes_; }

  ZonePolicy policy_;
  std::size_t limit_bytes_;  // of each of the two
  std::size_t owed_bytes_ = 0;
  std::size_t other_bytes_ = 0;
  std::uint32_t skipped_ = 0;  // left out after the last that waits
  std::vector<Waiting> ring_;  // a power of two long; it grows, so a steady state allocates nothing
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace oversoak::server

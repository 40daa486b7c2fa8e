#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace oversoak::fleet {

// What an echo turned out to be.
enum class EchoKind : std::uint8_t {
  in_order,
  out_of_order,  // valid, but a later message of the session was echoed before
  duplicate,     // of a message that had been echoed
  unknown,       // of a message that was never sent on this connection
};

struct Echo {
  EchoKind kind = EchoKind::unknown;
  std::int64_t intended_ns = 0;
  std::int64_t sent_ns = 0;
  std::int64_t own_lag_ns = 0;
  std::uint64_t message = 0;  // its number in the connection, from 0; not of an unknown one
  bool overdue = false;       // it had been given up
};

// The messages of one connection that were sent and not yet echoed: whether another may be sent,
// what an arriving sequence number means, which echoes are overdue. Pure; the caller has the clock.
class Window {
 public:
  // `over_send`: messages that may be in flight. Those given up as overdue do not count against it.
  // `most_followed`: where answers come in any order, how many messages may be followed from the
  // oldest that waits on; 0: as many as are in flight, and some more.
  explicit Window(std::uint32_t over_send, std::uint64_t most_followed = 0);

  // Begins a connection: nothing in flight, the first message gets `first_sequence`.
  void reset(std::uint64_t first_sequence) noexcept;

  // Not either while as much as can be followed has come after a message that may still be echoed.
  bool has_room() const noexcept {
    return in_time_ < over_send_ && !(exhausted() && entry(oldest_).state == State::waiting);
  }

  // So many echoes are missing that this connection cannot be followed further.
  bool exhausted() const noexcept { return is_full() && !may_grow(); }

  // Makes room to follow the next message. Only when not exhausted().
  void make_room();

  // Most messages from the oldest without an echo on; a power of two. make_room() may raise it.
  std::size_t capacity() const noexcept { return entries_.size(); }

  // All messages before it are echoed.
  std::uint64_t oldest_message() const noexcept { return oldest_; }

  // The message after the latest that was echoed: an echo in order is not before it.
  std::uint64_t next_in_order() const noexcept { return after_latest_echo_; }

  // Messages sent and not echoed, the overdue ones included.
  std::uint32_t outstanding() const noexcept { return in_time_ + overdue_; }

  // Number in the connection of the message that is sent next, from 0.
  std::uint64_t next_message() const noexcept { return next_; }
  std::uint64_t next_sequence() const noexcept { return first_sequence_ + next_; }
  std::uint64_t sequence_of(std::uint64_t message) const noexcept {
    return first_sequence_ + message;
  }

  // The message `next_sequence()` was sent. Only when has_room(), and after make_room().
  // `own_lag_ns`: what of the time between the two is the fleet's own lateness.
  void sent(std::int64_t intended_ns, std::int64_t sent_ns, std::int64_t own_lag_ns = 0) noexcept;

  // The echo that an arriving sequence number means, and what it changes. `echoed` does both.
  Echo find(std::uint64_t sequence) const noexcept;
  void take(const Echo& echo) noexcept;
  Echo echoed(std::uint64_t sequence) noexcept;

  // A message that was sent and not echoed.
  struct Sent {
    std::uint64_t message = 0;  // its number in the connection, from 0
    std::uint64_t sequence = 0;
    std::int64_t intended_ns = 0;
    std::int64_t sent_ns = 0;
  };
  // That with this sequence, and the oldest of all; none where there is none.
  std::optional<Sent> unanswered(std::uint64_t sequence) const noexcept;
  std::optional<Sent> oldest_unanswered() const noexcept;

  // A message without an echo, when its connection is over.
  struct Outstanding {
    std::uint64_t message = 0;  // its number in the connection, from 0
    std::int64_t intended_ns = 0;
    std::int64_t sent_ns = 0;
    std::int64_t own_lag_ns = 0;
    bool overdue = false;
    bool skipped = false;  // the echo of a later message came
  };
  // Calls `take(Outstanding)` for each message that was sent and not echoed, oldest first.
  template <typename Take>
  void each_outstanding(Take take) const {
    for (std::uint64_t index = oldest_; index < next_; ++index) {
      const Entry& found = entries_[index & (entries_.size() - 1)];
      if (found.state != State::echoed) {
        take(Outstanding{index, found.intended_ns, found.sent_ns, found.own_lag_ns,
                         found.state == State::overdue, index < after_latest_echo_});
      }
    }
  }

  // What became overdue by one call.
  struct Expired {
    std::uint32_t count = 0;
    std::optional<Sent> oldest;  // of them
  };
  // Marks what was sent before `sent_before_ns` and is not echoed as overdue. An overdue message
  // whose echo does come counts as echoed after all.
  Expired expire(std::int64_t sent_before_ns) noexcept;
  // The same, only of those that were skipped: the echo of a later message has come.
  Expired expire_skipped(std::int64_t sent_before_ns) noexcept;

 private:
  enum class State : std::uint8_t { waiting, overdue, echoed };
  struct Entry {
    std::int64_t intended_ns = 0;
    std::int64_t sent_ns = 0;
    std::int64_t own_lag_ns = 0;
    State state = State::echoed;
  };

  bool is_full() const noexcept { return next_ - oldest_ == entries_.size(); }
  bool may_grow() const noexcept {
    return entries_.size() < most_entries_ && entry(oldest_).state == State::waiting;
  }
  Expired expire_until(std::uint64_t end, std::int64_t sent_before_ns) noexcept;
  Entry& entry(std::uint64_t index) noexcept { return entries_[index & (entries_.size() - 1)]; }
  const Entry& entry(std::uint64_t index) const noexcept {
    return entries_[index & (entries_.size() - 1)];
  }
  Sent sent_of(std::uint64_t index) const noexcept {
    return {index, first_sequence_ + index, entry(index).intended_ns, entry(index).sent_ns};
  }

  std::uint32_t over_send_;
  std::vector<Entry> entries_;  // a ring, a power of two long
  std::size_t most_entries_;
  std::uint64_t first_sequence_ = 0;
  // Indexes count from 0 at the connection's first message.
  std::uint64_t oldest_ = 0;   // everything before it is echoed
  std::uint64_t checked_ = 0;  // everything before it is echoed or overdue
  std::uint64_t next_ = 0;
  std::uint64_t after_latest_echo_ = 0;
  std::uint32_t in_time_ = 0;
  std::uint32_t overdue_ = 0;
};

}  // namespace oversoak::fleet

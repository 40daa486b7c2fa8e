#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace oversoak::fleet {

// What a session received of its zone: each number between the answers to its join and to its leave
// exactly once, in order, but for those that the server says it left out. Pure; the caller has the
// clock. A number that did not come before a later one may still come, out of order, until
// `give_up` decides that it is missing.
class ZoneLedger {
 public:
  enum class Finding : std::uint8_t {
    expected,
    duplicate,
    out_of_order,
    after_leave,
    impossible,  // outside a zone, or with more left out than there are numbers
  };

  // A new connection, in no zone.
  void reset() noexcept;

  // The session requests to join, to leave; false if that was done before, or is not its turn.
  bool begin_join() noexcept { return pass(State::outside, State::joining); }
  bool begin_leave() noexcept { return pass(State::inside, State::leaving); }

  // The answers; false if that is impossible. `latest`: the zone's latest number before it.
  bool joined(std::uint64_t latest) noexcept;
  bool left(std::uint64_t latest, std::uint32_t skipped);

  Finding delivered(std::uint64_t number, std::uint32_t skipped);

  // Called from time to time: the numbers that have been absent for `patience_ns` of these calls
  // are missing from now on; how many.
  std::uint64_t give_up(std::int64_t now_ns, std::int64_t patience_ns) noexcept;
  // All that are absent.
  std::uint64_t give_up() noexcept;

  bool is_inside() const noexcept { return state_ == State::inside; }
  bool has_joined() const noexcept { return state_ != State::outside && state_ != State::joining; }
  bool has_left() const noexcept { return state_ == State::left; }

  // The number after the latest that came.
  std::uint64_t next() const noexcept { return latest_ + 1; }

 private:
  enum class State : std::uint8_t { outside, joining, inside, leaving, left };

  // Numbers that did not come before a later one.
  struct Gap {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t absent = 0;     // of them, without those that were left out and those that came
    std::int64_t noticed_ns = 0;  // by the first give_up(); 0: not yet
    bool given_up = false;
  };

  // A server that loses this often is followed no further: what is absent longest is missing.
  static constexpr std::size_t kMaxGaps = 64;

  bool pass(State from, State to) noexcept {
    if (state_ != from) return false;
    state_ = to;
    return true;
  }
  bool note_gap(std::uint64_t before, std::uint32_t skipped);

  State state_ = State::outside;
  std::uint64_t latest_ = 0;   // number that came
  std::vector<Gap> gaps_;      // in the order of their numbers
  std::uint64_t dropped_ = 0;  // missing, of gaps that are not followed any more
};

}  // namespace oversoak::fleet

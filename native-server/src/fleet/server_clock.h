#pragma once

#include <cstdint>

#include "enum_names.h"
#include "metrics/counter.h"

namespace oversoak::fleet {

// Whether the server's times are of the fleet's clock, as they are on one machine.
enum class ServerClock : std::uint8_t {
  unknown,  // no echo has come
  shared,
  other,
  end,
};

inline constexpr auto kServerClockNames = enum_names<ServerClock>({
    {ServerClock::unknown, "unknown"},
    {ServerClock::shared, "shared"},
    {ServerClock::other, "other"},
});

// Nobody says which clock a server reads, but each echo can show that it is another: the server has
// a message after it was sent and before its echo came. Two clocks that no echo tells apart differ
// by less than the fastest of them took. The fleet thread writes; any thread may ask.
class ServerClockCheck {
 public:
  // An echo: when it was sent and came by the fleet's clock, and in between by the server's.
  void saw_echo(std::int64_t sent_ns, std::int64_t received_ns, std::int64_t sending_ns,
                std::int64_t now_ns) noexcept {
    echoes_.add();
    note(precedes(sent_ns, received_ns) && precedes(sending_ns, now_ns));
  }
  // Something that the server built at this time has come.
  void saw_tick(std::int64_t built_ns, std::int64_t now_ns) noexcept {
    note(precedes(built_ns, now_ns));
  }

  ServerClock answer() const noexcept {
    if (contradictions_.load() > 0) return ServerClock::other;
    return echoes_.load() > 0 ? ServerClock::shared : ServerClock::unknown;
  }

 private:
  // One clock, read by two processors.
  static constexpr std::int64_t kSlack_ns = 1000;

  // A peer may send any times: without overflow.
  static bool precedes(std::int64_t earlier_ns, std::int64_t later_ns) noexcept {
    return earlier_ns <= later_ns ||
           static_cast<std::uint64_t>(earlier_ns) - static_cast<std::uint64_t>(later_ns) <=
               static_cast<std::uint64_t>(kSlack_ns);
  }
  void note(bool is_possible) noexcept {
    if (!is_possible) contradictions_.add();
  }

  metrics::Counter echoes_;
  metrics::Counter contradictions_;
};

}  // namespace oversoak::fleet

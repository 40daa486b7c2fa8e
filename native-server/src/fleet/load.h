#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "enum_names.h"
#include "metrics/counter.h"

namespace oversoak::fleet {

// Why a message that was due never left; contracts/src/figures/load.ts says what each is.
enum class Unsent : std::uint8_t {
  held,
  slow_reader,
  fleet,
  connecting,
  closing,
  churn,
  lost,
  end
};

inline constexpr auto kUnsentNames = enum_names<Unsent>({
    {Unsent::held, "held"},
    {Unsent::slow_reader, "slowReader"},
    {Unsent::fleet, "fleet"},
    {Unsent::connecting, "connecting"},
    {Unsent::closing, "closing"},
    {Unsent::churn, "churn"},
    {Unsent::lost, "lost"},
});

// A message that the fleet itself delayed by more makes the load differ from the requested one.
inline constexpr std::int64_t kLate_ns = 50'000'000;

// How a message that was sent came to leave.
enum class Departure : std::uint8_t {
  on_time,
  held,  // by its session's window, and sent when that had room
  late,  // by the fleet itself
};

// What became of due messages: due = sent + unsent + those that wait for their window,
// sent = echoed + unanswered + reset + those in flight.
// `Count`: metrics::Counter where another thread reads, else std::uint64_t.
template <typename Count>
struct Load {
  Count due{};
  Count sent{};
  Count held{};        // of those sent
  Count late{};        // of those sent
  Count echoed{};      // the echo came, however late
  Count unanswered{};  // it never came: the server ended the session, or the drain was over
  Count reset{};       // the fleet itself had reset the session (churn)
  Count after_end{};   // of those held: left only when the time that this covers was over
  Count disturbed{};   // in no latency: the fleet stood still too long between due time and end
  std::array<Count, kUnsentNames.size()> unsent{};

  Count& unsent_by(Unsent cause) noexcept { return unsent[static_cast<std::size_t>(cause)]; }
};

inline void count_one(metrics::Counter& counter) noexcept { counter.add(); }
inline void count_one(std::uint64_t& count) noexcept { ++count; }

inline std::uint64_t loaded(const metrics::Counter& counter) noexcept { return counter.load(); }
inline std::uint64_t loaded(std::uint64_t count) noexcept { return count; }

template <typename Count>
void add_load(Load<std::uint64_t>& sum, const Load<Count>& load) noexcept {
  sum.due += loaded(load.due);
  sum.sent += loaded(load.sent);
  sum.held += loaded(load.held);
  sum.late += loaded(load.late);
  sum.echoed += loaded(load.echoed);
  sum.unanswered += loaded(load.unanswered);
  sum.reset += loaded(load.reset);
  sum.after_end += loaded(load.after_end);
  sum.disturbed += loaded(load.disturbed);
  for (std::size_t i = 0; i < sum.unsent.size(); ++i) sum.unsent[i] += loaded(load.unsent[i]);
}

}  // namespace oversoak::fleet

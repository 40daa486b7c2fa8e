#include "fleet/measurement.h"

#include <algorithm>

namespace oversoak::fleet {
namespace {

constexpr std::uint64_t kNoWindow = std::numeric_limits<std::uint64_t>::max();

std::uint64_t window_count(const MeasurementSpan& span) {
  if (span.window_ns == 0) return 0;
  return static_cast<std::uint64_t>((span.end_ns - span.start_ns) / span.window_ns);
}

}  // namespace

Measurement::Measurement(const MeasurementSpan& span) : span_(span), windows_(window_count(span)) {}

std::uint64_t Measurement::window_at(std::int64_t time_ns) const noexcept {
  if (span_.window_ns == 0) return kNoWindow;
  return static_cast<std::uint64_t>((time_ns - span_.start_ns) / span_.window_ns);
}

template <typename Change>
void Measurement::count(std::int64_t due_ns, Change change) noexcept {
  if (!span_.covers(due_ns)) return;
  change(load_);
  if (auto* window = windows_.load(window_at(due_ns))) change(*window);
}

void Measurement::due(std::int64_t due_ns) noexcept {
  count(due_ns, [](auto& load) { count_one(load.due); });
}

void Measurement::sent(std::int64_t due_ns, Departure departure) noexcept {
  count(due_ns, [departure](auto& load) {
    count_one(load.sent);
    if (departure == Departure::held) count_one(load.held);
    if (departure == Departure::late) count_one(load.late);
  });
}

void Measurement::unsent(std::int64_t due_ns, Unsent cause) noexcept {
  count(due_ns, [cause](auto& load) { count_one(load.unsent_by(cause)); });
}

void Measurement::send_lag(std::int64_t due_ns, std::int64_t lag_ns) noexcept {
  if (span_.covers(due_ns)) send_lag_.record(lag_ns);
}

template <typename End>
bool Measurement::ended(const MessageTimes& times, bool timed, End end) noexcept {
  const bool late = disturbed(times.due_ns);
  count(times.due_ns, [timed, late, end](auto& load) {
    end(load);
    if (timed && late) count_one(load.disturbed);
  });
  if (!timed || !span_.covers(times.due_ns)) return false;
  const std::int64_t latency_ns = times.now_ns - times.ready_ns();
  if (late) {
    // One thread writes: no exchange is needed.
    if (latency_ns > disturbed_longest_ns()) {
      disturbed_longest_ns_.store(latency_ns, std::memory_order_relaxed);
    }
    return false;
  }
  intended_.record(latency_ns);
  windows_.record_intended(window_at(times.due_ns), latency_ns);
  return true;
}

void Measurement::echoed(const MessageTimes& times, const std::optional<wire::Stamps>& stamps,
                         bool timed) noexcept {
  if (!ended(times, timed, [](auto& load) { count_one(load.echoed); })) return;
  actual_.record(times.now_ns - times.sent_ns);
  // Without stamps all that is beyond the client counts as the network's, which is no part of a
  // table that says where the server's time went.
  if (stamps) stages_.record(split_latency(times.ready_ns(), times.sent_ns, times.now_ns, *stamps));
}

void Measurement::unanswered(const MessageTimes& times, bool timed) noexcept {
  if (!ended(times, timed, [](auto& load) { count_one(load.unanswered); })) return;
  actual_.record(times.now_ns - times.sent_ns);
}

void Measurement::reset(std::int64_t due_ns) noexcept {
  count(due_ns, [](auto& load) { count_one(load.reset); });
}

void Measurement::held_to_the_end(const MessageTimes& times) noexcept {
  ended(times, true, [](auto& load) { count_one(load.unsent_by(Unsent::held)); });
}

void Measurement::stood_still(std::int64_t from_ns, std::int64_t to_ns) noexcept {
  disturbed_until_ns_ = to_ns;
  const std::int64_t within_ns = std::min(to_ns, span_.end_ns) - std::max(from_ns, span_.start_ns);
  if (within_ns <= 0) return;
  stalls_.add();
  stalled_ns_.add(static_cast<std::uint64_t>(within_ns));
}

void Measurement::note_errors(const FleetErrorCounts& errors, std::int64_t now_ns) {
  if (span_.window_ns == 0) return;
  windows_.note_errors(now_ns < span_.start_ns ? kNoWindow : window_at(now_ns), errors);
}

}  // namespace oversoak::fleet

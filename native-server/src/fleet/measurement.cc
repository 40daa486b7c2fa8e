#include "fleet/measurement.h"

#include <algorithm>

#include "fleet/stall_watch.h"

namespace oversoak::fleet {
namespace {

// A message is in a latency, without what the fleet was late with it or stood still meanwhile,
// where that is less than a tenth of it.
constexpr std::int64_t kMaxOwnPart = 10;

// A standstill delays a message by its own length at most: by that much it is read later, or waits
// behind what is sent at once. Twice as much is taken for it.
constexpr std::int64_t kExplained = 2;

// What was due so shortly before the end of a window, or of the measurement, may leave behind it.
constexpr std::int64_t kInTime_ns = 100'000'000;

constexpr std::uint64_t kNoWindow = std::numeric_limits<std::uint64_t>::max();

std::uint64_t window_count(const MeasurementSpan& span) {
  if (span.window_ns == 0) return 0;
  return static_cast<std::uint64_t>((span.end_ns - span.start_ns) / span.window_ns);
}

}  // namespace

Measurement::Measurement(const MeasurementSpan& span, ZoneTraffic zones, FleetInFlight* fleet)
    : span_(span), windows_(window_count(span)), in_flight_(fleet) {
  if (zones != ZoneTraffic::none) deliveries_ = std::make_unique<Deliveries>();
  if (zones == ZoneTraffic::deliveries_and_ticks) ticks_ = std::make_unique<TickDeliveries>();
}

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

void Measurement::sent(std::int64_t due_ns, Departure departure, std::int64_t left_ns) noexcept {
  count(due_ns, [departure](auto& load) {
    count_one(load.sent);
    if (departure == Departure::held) count_one(load.held);
    if (departure == Departure::late) count_one(load.late);
  });
  const bool kept = departure == Departure::held && left_ns - due_ns > kInTime_ns;
  if (!kept || !span_.covers(due_ns)) return;
  if (left_ns >= span_.end_ns) load_.after_end.add();
  if (span_.window_ns > 0) windows_.note_left_later(window_at(due_ns), window_at(left_ns));
}

void Measurement::unsent(std::int64_t due_ns, Unsent cause) noexcept {
  count(due_ns, [cause](auto& load) { count_one(load.unsent_by(cause)); });
}

void Measurement::send_lag(std::int64_t due_ns, std::int64_t lag_ns) noexcept {
  if (span_.covers(due_ns)) send_lag_.record(lag_ns);
}

// Whether a message was sent before the thread stood still, and its echo came so long after it that
// it was not one of those that waited to be read: then all of its latency is the server's.
bool Measurement::came_later(const MessageTimes& times, std::int64_t stood_ns) const noexcept {
  if (times.sent_ns == 0 || standstills_.since_ns(times.sent_ns) < stood_ns) return false;
  return times.now_ns - standstills_.until_ns() >= std::max(StallWatch::kStall_ns, stood_ns);
}

// What the fleet's lateness with a message and its standstills do not explain of its latency.
std::int64_t Measurement::least_ns(const MessageTimes& times) const noexcept {
  const std::int64_t since_ns = standstills_.felt_since_ns(times.due_ns, times.left_ns());
  const std::int64_t own_ns = times.own_lag_ns + kExplained * standstills_.since_ns(since_ns);
  return std::max<std::int64_t>(0, times.now_ns - times.ready_ns() - own_ns);
}

std::optional<MessageTimes> Measurement::undisturbed(const MessageTimes& times) const noexcept {
  const std::int64_t latency_ns = times.now_ns - times.ready_ns();
  if (times.own_lag_ns > kLate_ns && times.own_lag_ns > latency_ns / kMaxOwnPart) {
    return std::nullopt;
  }
  const std::int64_t since_ns = standstills_.felt_since_ns(times.due_ns, times.left_ns());
  if (!standstills_.any_since(since_ns)) return times;
  const std::int64_t stood_ns = standstills_.since_ns(since_ns);
  if (came_later(times, stood_ns)) return times;
  // Its echo may have come at any moment of them.
  if (stood_ns > latency_ns / kMaxOwnPart) return std::nullopt;
  MessageTimes without = times;
  without.now_ns = std::max(times.now_ns - stood_ns, times.sent_ns);
  return without;
}

StageTimes Measurement::split(const MessageTimes& times, const MessageTimes& own,
                              const wire::Stamps& stamps) const noexcept {
  const StageTimes all = split_latency(times.ready_ns(), times.sent_ns, times.now_ns, stamps);
  const std::int64_t stood_ns = times.now_ns - own.now_ns;
  if (stood_ns == 0) return all;
  const std::int64_t after_ns = std::min(stood_ns, standstills_.since_ns(times.sent_ns));
  return without(all, stood_ns - after_ns, after_ns);
}

std::optional<StageTimes> Measurement::split(const MessageTimes& times,
                                             const wire::Stamps& stamps) const noexcept {
  const auto own = undisturbed(times);
  if (!own) return std::nullopt;
  return split(times, *own, stamps);
}

template <typename End>
std::optional<MessageTimes> Measurement::ended(const MessageTimes& times, bool timed,
                                               End end) noexcept {
  const std::optional<MessageTimes> without = undisturbed(times);
  count(times.due_ns, [timed, &without, end](auto& load) {
    end(load);
    if (timed && !without) count_one(load.disturbed);
  });
  if (!timed || !span_.covers(times.due_ns)) return std::nullopt;
  if (!without) {
    disturbed_.record(times.now_ns - times.ready_ns());
    disturbed_least_.record(least_ns(times));
    return std::nullopt;
  }
  const std::int64_t latency_ns = without->now_ns - without->ready_ns();
  intended_.record(latency_ns);
  windows_.record_intended(window_at(times.due_ns), latency_ns);
  return without;
}

void Measurement::echoed(const MessageTimes& times, const std::optional<wire::Stamps>& stamps,
                         bool timed) noexcept {
  const auto own = ended(times, timed, [](auto& load) { count_one(load.echoed); });
  if (!own) return;
  actual_.record(own->now_ns - own->sent_ns);
  // Without stamps all that is beyond the client counts as the network's, which is no part of a
  // table that says where the server's time went.
  if (stamps) stages_.record(split(times, *own, *stamps));
}

void Measurement::unanswered(const MessageTimes& times, bool timed) noexcept {
  const auto own = ended(times, timed, [](auto& load) { count_one(load.unanswered); });
  if (own) actual_.record(own->now_ns - own->sent_ns);
}

void Measurement::reset(const MessageTimes& times, bool timed) noexcept {
  const auto own = ended(times, timed, [](auto& load) { count_one(load.reset); });
  if (own) actual_.record(own->now_ns - own->sent_ns);
}

void Measurement::held_to_the_end(const MessageTimes& times) noexcept {
  ended(times, true, [](auto& load) { count_one(load.unsent_by(Unsent::held)); });
}

bool Measurement::delivered(const MessageTimes& times, bool timed) noexcept {
  return arrived(*deliveries_, times, timed);
}

bool Measurement::arrived(Arrivals& arrivals, const MessageTimes& times, bool timed) noexcept {
  if (!span_.covers(times.due_ns)) return false;
  const auto own = timed ? undisturbed(times) : std::nullopt;
  if (!own) {
    arrivals.untimed.add();
    return false;
  }
  arrivals.count.add();
  arrivals.latency.record(own->now_ns - own->ready_ns());
  return true;
}

void Measurement::saw_server(std::int64_t sent_ns, const wire::Stamps& stamps,
                             std::int64_t now_ns) noexcept {
  if (ticks_) ticks_->clock.saw_echo(sent_ns, stamps.received_ns, stamps.sending_ns, now_ns);
}

void Measurement::ticked(std::int64_t due_ns, std::int64_t built_ns, std::int64_t now_ns,
                         bool timed) noexcept {
  ticks_->clock.saw_tick(built_ns, now_ns);
  if (ticks_->clock.answer() == ServerClock::shared) {
    arrived(*ticks_, {due_ns, 0, built_ns, now_ns}, timed);
  } else {
    arrived(*ticks_, {now_ns, 0, now_ns, now_ns}, false);
  }
}

void Measurement::delivered_to_all(std::int64_t due_ns, std::int64_t last_ns) noexcept {
  deliveries_->last_member.record(last_ns - due_ns);
}

void Measurement::stood_still(std::int64_t from_ns, std::int64_t to_ns) noexcept {
  standstills_.add(from_ns, to_ns);
  const std::int64_t stalled_ns = within_ns(from_ns, to_ns);
  if (stalled_ns == 0 || to_ns - from_ns < StallWatch::kLong_ns) return;
  stalls_.add();
  stalled_ns_.add(static_cast<std::uint64_t>(stalled_ns));
}

// What of a time lies in the measurement.
std::int64_t Measurement::within_ns(std::int64_t from_ns, std::int64_t to_ns) const noexcept {
  const std::int64_t within = std::min(to_ns, span_.end_ns) - std::max(from_ns, span_.start_ns);
  return std::max<std::int64_t>(0, within);
}

void Measurement::worked(std::int64_t from_ns, std::int64_t to_ns) {
  busy_ns_.add(static_cast<std::uint64_t>(within_ns(from_ns, to_ns)));
  if (span_.window_ns == 0) return;
  for (from_ns = std::max(from_ns, span_.start_ns); from_ns < std::min(to_ns, span_.end_ns);) {
    const std::uint64_t window = window_at(from_ns);
    const std::int64_t end_ns =
        span_.start_ns + static_cast<std::int64_t>(window + 1) * span_.window_ns;
    windows_.note_busy(window, std::min(to_ns, end_ns) - from_ns);
    from_ns = end_ns;
  }
}

void Measurement::refused(std::int64_t now_ns, std::int64_t again_ns, io::Error reason) noexcept {
  const std::int64_t refused_ns = within_ns(now_ns, again_ns);
  if (refused_ns == 0) return;
  refusals_.add();
  refused_ns_.add(static_cast<std::uint64_t>(refused_ns));
  if (refusal_.load() == 0) refusal_.add(reason.number());
}

void Measurement::note_errors(const FleetErrorCounts& errors, std::int64_t now_ns) {
  if (span_.window_ns == 0) return;
  windows_.note_errors(now_ns < span_.start_ns ? kNoWindow : window_at(now_ns), errors);
}

}  // namespace oversoak::fleet

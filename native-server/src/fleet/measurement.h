#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "fleet/in_flight.h"
#include "fleet/load.h"
#include "fleet/measured_windows.h"
#include "fleet/server_clock.h"
#include "fleet/stages.h"
#include "fleet/standstills.h"
#include "io/error.h"
#include "metrics/counter.h"
#include "metrics/histogram.h"
#include "wire/frame.h"

namespace oversoak::fleet {

// When a measurement is, os::now_ns.
struct MeasurementSpan {
  std::int64_t start_ns = std::numeric_limits<std::int64_t>::min();
  std::int64_t end_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t window_ns = 0;  // of the windows that it is kept in; 0: in none

  bool covers(std::int64_t due_ns) const noexcept { return due_ns >= start_ns && due_ns < end_ns; }
};

// The times of a message, os::now_ns. What the fleet itself was late by is in no latency.
struct MessageTimes {
  std::int64_t due_ns = 0;
  std::int64_t own_lag_ns = 0;  // of a message that waited in its session: at most
  std::int64_t sent_ns = 0;
  std::int64_t now_ns = 0;  // its echo came, or it was given up

  std::int64_t ready_ns() const noexcept { return due_ns + own_lag_ns; }
  // One that never was sent waited until it was given up.
  std::int64_t left_ns() const noexcept { return sent_ns == 0 ? now_ns : sent_ns; }
};

// What came to the members of zones.
struct Arrivals {
  metrics::Counter count;    // in the latency
  metrics::Counter untimed;  // the others
  metrics::Histogram latency;
};

// One of each member for each broadcast.
struct Deliveries : Arrivals {
  metrics::Histogram last_member;  // of each broadcast that is in the latency with all its members
};

// One of each member for each tick.
struct TickDeliveries : Arrivals {
  ServerClockCheck clock;
};

// What a server sends to the members of zones.
enum class ZoneTraffic : std::uint8_t { none, deliveries, deliveries_and_ticks };

// The outcome of the messages that were due in the measurement, whenever they ended. Messages due
// at other times are not counted. The fleet thread writes; counters and histograms may be read by
// any thread, the windows only after the thread has ended.
class Measurement {
 public:
  // `fleet`: the messages of all threads in flight, which outlives this; null: there is one thread.
  explicit Measurement(const MeasurementSpan& span, ZoneTraffic zones = ZoneTraffic::none,
                       FleetInFlight* fleet = nullptr);

  const MeasurementSpan& span() const noexcept { return span_; }

  void due(std::int64_t due_ns) noexcept;
  // `left_ns`: when it left, as far as the server could have kept it from that.
  void sent(std::int64_t due_ns, Departure departure, std::int64_t left_ns) noexcept;
  void unsent(std::int64_t due_ns, Unsent cause) noexcept;

  // How late the fleet sent a message that nothing held back.
  void send_lag(std::int64_t due_ns, std::int64_t lag_ns) noexcept;

  // The end of a message that was sent. `timed`: whether it counts as latency.
  void echoed(const MessageTimes& times, const std::optional<wire::Stamps>& stamps,
              bool timed) noexcept;
  // Its echo never came: it counts with the age that it reached.
  void unanswered(const MessageTimes& times, bool timed) noexcept;
  // The fleet itself reset its session. Its latency so far counts if `timed`.
  void reset(const MessageTimes& times, bool timed) noexcept;

  // Was never sent for want of room in its window: the same.
  void held_to_the_end(const MessageTimes& times) noexcept;

  // A member of a zone, its origin or another, has a message that is due as this one; it is in the
  // latency if `timed`. Whether it is.
  bool delivered(const MessageTimes& times, bool timed) noexcept;
  // The server's times of an echo: whether a tick has a latency depends on its clock.
  void saw_server(std::int64_t sent_ns, const wire::Stamps& stamps, std::int64_t now_ns) noexcept;
  // A member of a zone has a tick, in the server's clock. It is in the latency if `timed`, and if
  // the fleet has the same clock. Where it has not, a tick counts by when it came.
  void ticked(std::int64_t due_ns, std::int64_t built_ns, std::int64_t now_ns, bool timed) noexcept;

  // The last member of a broadcast has it.
  void delivered_to_all(std::int64_t due_ns, std::int64_t last_ns) noexcept;

  // The thread did not run between these. A long stall counts in `stalls` as well.
  void stood_still(std::int64_t from_ns, std::int64_t to_ns) noexcept;
  // So many messages of the thread are in flight, and it runs.
  void in_flight(std::int64_t now_ns, std::uint64_t messages) noexcept {
    standstills_.in_flight(now_ns, in_flight_.of_fleet(messages));
    in_flight_.publish(messages);
  }
  // A message that was due then is answered, or another has ended, and so many are in flight.
  void answered(std::int64_t due_ns, std::int64_t now_ns, std::uint64_t in_flight) noexcept {
    standstills_.answered(due_ns, now_ns, in_flight_.of_fleet(in_flight));
  }
  std::int64_t stood_still_since_ns(std::int64_t since_ns) const noexcept {
    return standstills_.since_ns(since_ns);
  }
  std::int64_t stood_still_ns() const noexcept { return standstills_.total_ns(); }
  // What was sent before this is overdue if it has no answer (Standstills).
  std::int64_t overdue_before_ns(std::int64_t now_ns, std::int64_t allowed_ns) const noexcept {
    return standstills_.overdue_before_ns(now_ns, allowed_ns);
  }
  // The thread had work, without a wait that took any time, or was to run and did not.
  void worked(std::int64_t from_ns, std::int64_t to_ns);
  // Its own system refused a connect, which is tried again at `again_ns`.
  void refused(std::int64_t now_ns, std::int64_t again_ns, io::Error reason) noexcept;
  // The thread sends only now what was due so long ago, although it did not stand still: it is
  // overloaded, and reads as late.
  void behind(std::int64_t now_ns, std::int64_t lag_ns) noexcept {
    standstills_.add(now_ns - lag_ns, now_ns);
  }

  // The times of a message as they count: without what the fleet itself stood still meanwhile, or
  // before it, while that was felt. None: that is too large a share of them, so it is in no
  // latency.
  std::optional<MessageTimes> undisturbed(const MessageTimes& times) const noexcept;

  // Where that time of an echo went.
  std::optional<StageTimes> split(const MessageTimes& times,
                                  const wire::Stamps& stamps) const noexcept;

  // The errors so far; called at least once in each window that has some.
  void note_errors(const FleetErrorCounts& errors, std::int64_t now_ns);

  const Load<metrics::Counter>& load() const noexcept { return load_; }
  const metrics::Histogram& latency_intended() const noexcept { return intended_; }
  const metrics::Histogram& latency_actual() const noexcept { return actual_; }
  const metrics::Histogram& send_lag() const noexcept { return send_lag_; }
  const Deliveries* deliveries() const noexcept { return deliveries_.get(); }
  const TickDeliveries* ticks() const noexcept { return ticks_.get(); }
  const StageTable& stages() const noexcept { return stages_; }
  const metrics::Counter& stalls() const noexcept { return stalls_; }
  const metrics::Counter& stalled_ns() const noexcept { return stalled_ns_; }
  const metrics::Counter& busy_ns() const noexcept { return busy_ns_; }
  const metrics::Counter& refusals() const noexcept { return refusals_; }
  const metrics::Counter& refused_ns() const noexcept { return refused_ns_; }
  // Of the first of them; no error: there was none.
  io::Error refusal() const noexcept {
    return io::Error(static_cast<std::uint32_t>(refusal_.load()));
  }
  // Of messages that are in no other latency since the thread stood still: the longest that each
  // can have taken.
  const metrics::Histogram& latency_disturbed() const noexcept { return disturbed_; }
  // Of the same messages: what of that is not explained by the fleet.
  const metrics::Histogram& latency_disturbed_least() const noexcept { return disturbed_least_; }

  // Once, when the thread has ended.
  std::vector<MeasuredWindow> take_windows() { return windows_.take(); }

 private:
  template <typename Change>
  void count(std::int64_t due_ns, Change change) noexcept;
  std::uint64_t window_at(std::int64_t time_ns) const noexcept;
  std::int64_t within_ns(std::int64_t from_ns, std::int64_t to_ns) const noexcept;
  // Counts how a message ended, and its latency. Answers its times as they count; none: it is in no
  // latency.
  template <typename End>
  std::optional<MessageTimes> ended(const MessageTimes& times, bool timed, End end) noexcept;

  // `own`: the times as they count.
  StageTimes split(const MessageTimes& times, const MessageTimes& own,
                   const wire::Stamps& stamps) const noexcept;

  bool arrived(Arrivals& arrivals, const MessageTimes& times, bool timed) noexcept;
  std::int64_t least_ns(const MessageTimes& times) const noexcept;
  bool came_later(const MessageTimes& times, std::int64_t stood_ns) const noexcept;

  const MeasurementSpan span_;
  Load<metrics::Counter> load_;
  metrics::Histogram intended_;
  metrics::Histogram actual_;
  metrics::Histogram disturbed_;
  metrics::Histogram disturbed_least_;
  std::unique_ptr<Deliveries> deliveries_;  // null: there are none
  std::unique_ptr<TickDeliveries> ticks_;   // likewise
  metrics::Histogram send_lag_;
  StageTable stages_;
  metrics::Counter stalls_;
  metrics::Counter stalled_ns_;
  metrics::Counter busy_ns_;
  metrics::Counter refusals_;
  metrics::Counter refused_ns_;
  metrics::Counter refusal_;  // the number of an io::Error
  MeasuredWindows windows_;
  Standstills standstills_;
  ThreadInFlight in_flight_;
};

}  // namespace oversoak::fleet

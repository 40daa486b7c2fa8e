#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "fleet/first_errors.h"
#include "fleet/fleet_errors.h"
#include "fleet/fleet_thread.h"
#include "fleet/load.h"
#include "fleet/options.h"
#include "fleet/slow_echoes.h"
#include "fleet/stages.h"
#include "io/error.h"
#include "io/sockets.h"
#include "metrics/histogram.h"
#include "os/process.h"

namespace oversoak::fleet {

// Of the messages that are due in the measurement, over all threads.
struct MeasuredFigures {
  Load<std::uint64_t> load;
  std::uint64_t stalls = 0;
  double stalled_seconds = 0;
  double busy_seconds = 0;  // of the busiest thread
  std::uint64_t refusals = 0;
  double refused_seconds = 0;
  io::Error refusal{};  // the first of a thread's
  metrics::HistogramCounts latency_intended;
  metrics::HistogramCounts latency_actual;
  metrics::HistogramCounts latency_disturbed;
  metrics::HistogramCounts latency_disturbed_least;
  metrics::HistogramCounts send_lag;
  // Of zones.
  std::uint64_t deliveries = 0;
  std::uint64_t deliveries_untimed = 0;
  metrics::HistogramCounts latency_delivery;
  metrics::HistogramCounts latency_last_member;
  std::uint64_t ticks = 0;
  std::uint64_t ticks_untimed = 0;
  ServerClock server_clock = ServerClock::unknown;
  metrics::HistogramCounts latency_tick;
  StageRows stages{};
};

// Of sessions in zones, over all threads.
struct ZoneTotals {
  std::uint64_t joins = 0;
  std::uint64_t leaves = 0;
  std::uint64_t deliveries = 0;
  std::uint64_t own = 0;
  std::uint64_t skipped = 0;
  std::uint64_t ticks = 0;
};

// Cumulative figures over all threads; but for `measured` of all messages.
struct FleetFigures {
  double elapsed_seconds = 0;
  std::uint64_t live = 0;
  std::uint64_t connects = 0;
  std::uint64_t disconnects = 0;
  std::uint64_t aborts = 0;
  std::uint64_t sent = 0;
  std::uint64_t echoed = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t lost_on_close = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  ZoneTotals zones;
  FleetErrorCounts errors{};
  std::uint64_t slow_echoes_let_go = 0;
  std::vector<os::NamedCpu> threads;
  MeasuredFigures measured;
};

// A fleet of clients that load one server and check every echo.
class Fleet {
 public:
  // Connects at once. Throws std::runtime_error when the host is not an IPv4 address.
  explicit Fleet(FleetOptions options);
  ~Fleet();

  const FleetOptions& options() const noexcept { return options_; }

  // Any thread, also after stop(). The counters of a running thread may be some messages apart;
  // after stop() they are exact.
  FleetFigures figures() const;

  // Any thread, also after stop(): the slowest since the last call, at most SlowEchoes::kMax,
  // slowest first.
  std::vector<SlowEcho> take_slowest();

  // Any thread, also after stop(): the first errors of each class, oldest first.
  std::vector<ErrorEvidence> first_errors() const;

  // Any thread: no further message becomes due.
  void finish_sending();

  // After stop(), once: the windows of the measurement, each with what all threads have of it.
  std::vector<MeasuredWindow> take_windows();

  // Blocks until the echoes in flight have come (or `drain_seconds` are over), every session is
  // closed and every thread has ended. A second call does nothing.
  void stop(double drain_seconds);

 private:
  MeasuredFigures measured() const;

  io::Library sockets_;
  const FleetOptions options_;
  const std::int64_t started_ns_;
  FleetInFlight in_flight_{0};
  std::vector<std::unique_ptr<FleetThread>> threads_;  // none is added or removed later
  std::mutex stop_mutex_;
  bool stopped_ = false;
};

}  // namespace oversoak::fleet

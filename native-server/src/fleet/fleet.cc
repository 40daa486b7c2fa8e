#include "fleet/fleet.h"

#include <algorithm>
#include <stdexcept>

#include "os/clock.h"

namespace oversoak::fleet {
namespace {

io::Address address_of(const FleetOptions& options) {
  const std::optional<io::Address> address = io::Address::parse(options.host, options.port);
  if (!address) {
    throw std::runtime_error("host: \"" + options.host + "\" is not an address of IPv4 or IPv6");
  }
  return *address;
}

// What threads may share: sessions, or whole zones.
std::size_t thread_shares(const FleetOptions& options) {
  if (!options.zones) return options.sessions;
  const std::uint64_t last = options.first_session + options.sessions - 1;
  return options.zones->of_session(last) - options.zones->of_session(options.first_session) + 1;
}

double seconds_of(const metrics::Counter& ns) noexcept {
  return static_cast<double>(ns.load()) * 1e-9;
}

}  // namespace

Fleet::Fleet(FleetOptions options) : options_(std::move(options)), started_ns_(os::now_ns()) {
  const io::Address server = address_of(options_);
  const std::size_t threads = std::min(options_.threads, thread_shares(options_));
  try {
    for (std::size_t i = 0; i < threads; ++i) {
      threads_.push_back(
          std::make_unique<FleetThread>(options_, server, i, threads, started_ns_, in_flight_));
    }
  } catch (...) {
    stop(0);  // no destructor follows
    throw;
  }
}

Fleet::~Fleet() { stop(0); }

void Fleet::finish_sending() {
  for (const auto& thread : threads_) thread->finish_sending();
}

void Fleet::stop(double drain_seconds) {
  const std::lock_guard lock(stop_mutex_);
  if (stopped_) return;
  stopped_ = true;
  const std::int64_t until_ns = os::now_ns() + static_cast<std::int64_t>(drain_seconds * 1e9);
  for (const auto& thread : threads_) thread->stop(until_ns);
  for (const auto& thread : threads_) thread->join();
}

FleetFigures Fleet::figures() const {
  FleetFigures total;
  total.elapsed_seconds = static_cast<double>(os::now_ns() - started_ns_) * 1e-9;
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    const ThreadFigures& thread = threads_[i]->figures();
    total.live += thread.live.load();
    total.connects += thread.connects.load();
    total.disconnects += thread.disconnects.load();
    total.aborts += thread.aborts.load();
    total.echoed += thread.echoed.load();
    total.lost_on_close += thread.lost_on_close.load();
    total.in_flight += thread.in_flight.load();
    total.sent += thread.sent.load();
    total.bytes_received += thread.bytes_received.load();
    total.bytes_sent += thread.bytes_sent.load();
    total.zones.joins += thread.zones.joins.load();
    total.zones.leaves += thread.zones.leaves.load();
    total.zones.deliveries += thread.zones.deliveries.load();
    total.zones.own += thread.zones.own.load();
    total.zones.skipped += thread.zones.skipped.load();
    total.zones.ticks += thread.zones.ticks.load();
    total.errors += thread.errors.load();
    total.slow_echoes_let_go += thread.slow_echoes.let_go();
    total.threads.push_back({"fleet-" + std::to_string(i), threads_[i]->clock().read()});
  }
  total.measured = measured();
  return total;
}

MeasuredFigures Fleet::measured() const {
  MeasuredFigures total;
  for (auto* counts : {&total.latency_intended, &total.latency_actual, &total.latency_disturbed,
                       &total.latency_disturbed_least, &total.send_lag, &total.latency_delivery,
                       &total.latency_last_member, &total.latency_tick}) {
    counts->resize(metrics::kHistogramBuckets);
  }
  for (const auto& thread : threads_) {
    const Measurement& measurement = thread->measurement();
    add_load(total.load, measurement.load());
    total.stalls += measurement.stalls().load();
    total.stalled_seconds += seconds_of(measurement.stalled_ns());
    total.busy_seconds = std::max(total.busy_seconds, seconds_of(measurement.busy_ns()));
    total.refusals += measurement.refusals().load();
    total.refused_seconds += seconds_of(measurement.refused_ns());
    if (!total.refusal) total.refusal = measurement.refusal();
    measurement.latency_intended().add_to(total.latency_intended);
    measurement.latency_actual().add_to(total.latency_actual);
    measurement.latency_disturbed().add_to(total.latency_disturbed);
    measurement.latency_disturbed_least().add_to(total.latency_disturbed_least);
    measurement.send_lag().add_to(total.send_lag);
    measurement.stages().add_to(total.stages);
    if (const Deliveries* deliveries = measurement.deliveries()) {
      total.deliveries += deliveries->count.load();
      total.deliveries_untimed += deliveries->untimed.load();
      deliveries->latency.add_to(total.latency_delivery);
      deliveries->last_member.add_to(total.latency_last_member);
    }
    if (const TickDeliveries* ticks = measurement.ticks()) {
      total.ticks += ticks->count.load();
      total.ticks_untimed += ticks->untimed.load();
      ticks->latency.add_to(total.latency_tick);
      total.server_clock = std::max(total.server_clock, ticks->clock.answer());
    }
  }
  return total;
}

std::vector<MeasuredWindow> Fleet::take_windows() {
  std::vector<MeasuredWindow> all;
  for (const auto& thread : threads_) {
    std::vector<MeasuredWindow> windows = thread->take_windows();
    if (all.empty()) {
      all = std::move(windows);
      continue;
    }
    for (std::size_t i = 0; i < windows.size(); ++i) {
      add_load(all[i].load, windows[i].load);
      all[i].errors += windows[i].errors;
      all[i].busy_ns = std::max(all[i].busy_ns, windows[i].busy_ns);
      // A window number may occur twice and out of order; readers add them up.
      all[i].intended.insert(all[i].intended.end(), windows[i].intended.begin(),
                             windows[i].intended.end());
      all[i].left_later.insert(all[i].left_later.end(), windows[i].left_later.begin(),
                               windows[i].left_later.end());
    }
  }
  return all;
}

std::vector<ErrorEvidence> Fleet::first_errors() const {
  std::vector<ErrorEvidence> all;
  for (const auto& thread : threads_) thread->copy_first_errors(all);
  return FirstErrors::first_of(std::move(all));
}

std::vector<SlowEcho> Fleet::take_slowest() {
  std::vector<SlowEcho> echoes;
  for (const auto& thread : threads_) thread->take_slowest(echoes);
  return slowest_of(std::move(echoes));
}

}  // namespace oversoak::fleet

#include "fleet/fleet_thread.h"

#include <algorithm>
#include <limits>

#include "concurrency/start_thread.h"
#include "fatal.h"
#include "fleet/count_error.h"
#include "io/registry.h"
#include "io/sockets.h"
#include "os/clock.h"
#include "os/thread_place.h"

namespace oversoak::fleet {

using io::Completion;
using io::OperationKind;
using State = Client::State;

namespace {

constexpr std::int64_t kMillisecond_ns = 1'000'000;
constexpr std::int64_t kSecond_ns = 1'000'000'000;
// While echoes are to come: a thread that stands still in a wait is seen to do so from the end of
// that wait on.
constexpr std::int64_t kLongestWait_ns = 2 * kMillisecond_ns;
// A wait that is shorter found its work there.
constexpr std::int64_t kWait_ns = 50'000;
// Work is noted at least so often.
constexpr std::int64_t kLongestWork_ns = 100 * kMillisecond_ns;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kExpiryPeriod_ns = 50 * kMillisecond_ns;
// At the stop: how long a server may take to end its side after the client ended its own, or to
// take a connection.
constexpr std::int64_t kGracefulEnd_ns = 5 * kSecond_ns;
// A fleet that is behind schedule must still read its echoes.
constexpr int kTimersPerTurn = 32;
// In the drain: standstills prolong it by so much at most, for the server does not wait longer.
constexpr std::int64_t kLongestStandstill_ns = 2 * kSecond_ns;
// Behind it what has come is read for so long, without standstills.
constexpr std::int64_t kReadsOn_ns = 100 * kMillisecond_ns;

std::int64_t nanoseconds(double seconds) { return static_cast<std::int64_t>(seconds * 1e9); }
std::int64_t milliseconds(double ms) { return static_cast<std::int64_t>(ms * 1e6); }

ZoneTraffic zone_traffic(const FleetOptions& options) noexcept {
  if (!options.zones) return ZoneTraffic::none;
  return options.zones->tick_bytes > 0 ? ZoneTraffic::deliveries_and_ticks
                                       : ZoneTraffic::deliveries;
}

// A zone's sessions are on one thread, which so knows when the last of them has a delivery.
std::size_t thread_of(const FleetOptions& options, std::size_t session, std::size_t threads) {
  if (!options.zones) return session % threads;
  return options.zones->of_session(options.first_session + session) % threads;
}

MeasurementSpan span_of(const FleetOptions& options, std::int64_t start_ns) {
  if (options.measure_seconds == 0) return {};
  const std::int64_t from_ns = start_ns + nanoseconds(options.measure_from_seconds);
  return {from_ns, from_ns + nanoseconds(options.measure_seconds),
          nanoseconds(options.window_seconds)};
}

}  // namespace

FleetThread::FleetThread(const FleetOptions& options, const io::Address& server, std::size_t first,
                         std::size_t step, std::int64_t start_ns, FleetInFlight& in_flight)
    : options_(options),
      server_(server),
      measurement_(span_of(options, start_ns), zone_traffic(options), &in_flight),
      drain_until_ns_(kNever),
      random_(options.seed * 0x100000001B3 + first),
      churn_(options.disconnects_per_second / static_cast<double>(step), options.abortive_share,
             start_ns + nanoseconds(options.ramp_up_seconds)),
      stall_watch_(start_ns),
      exchange_(options, random_, figures_, measurement_, timers_),
      next_expiry_ns_(start_ns + kExpiryPeriod_ns) {
  const auto all = static_cast<double>(options.sessions);
  for (std::size_t i = 0; i < options.sessions; ++i) {
    if (thread_of(options, i, step) != first) continue;
    clients_.push_back(std::make_unique<Client>(options, i, exchange_.dialect(), random_.next()));
    const double share = static_cast<double>(i) / all;
    const std::int64_t connect_at_ns = start_ns + nanoseconds(share * options.ramp_up_seconds);
    timers_.push({connect_at_ns, clients_.back().get(), 0, TimerKind::connect});
    exchange_.schedule(*clients_.back(), connect_at_ns);
  }
  thread_ = concurrency::start_thread([this] { prepare(); }, [this] { run(); });
}

FleetThread::~FleetThread() {
  if (thread_.joinable()) fatal("a fleet thread was dropped while it ran");
}

void FleetThread::finish_sending() {
  finish_sending_.store(true);
  notifier_->wake();
}

void FleetThread::stop(std::int64_t drain_until_ns) {
  drain_until_ns_.store(drain_until_ns);
  finish_sending();
}

void FleetThread::join() {
  if (thread_.joinable()) thread_.join();
}

void FleetThread::prepare() {
  os::place_current_thread();
  clock_.attach_to_current_thread();
  notifier_ = io::make_fleet_notifier();
  connector_.emplace(*notifier_, server_);
}

void FleetThread::run() {
  std::int64_t working_since_ns = os::now_ns();
  for (;;) {
    const std::int64_t before_ns = os::now_ns();
    notice_time(before_ns);
    run_timers(before_ns);
    settle_dirty(before_ns);
    if (stop_step(before_ns)) break;
    const std::int64_t waits_from_ns = os::now_ns();
    const std::int64_t until_ns = wait_until_ns(waits_from_ns);
    stall_watch_.waits_until(until_ns);
    const auto batch = notifier_->wait(until_ns);
    const std::int64_t now_ns = os::now_ns();
    // Where something is due the wait is none, however long others had the CPU in it.
    const bool waited = until_ns > waits_from_ns && now_ns - waits_from_ns >= kWait_ns;
    if (waited || now_ns - working_since_ns >= kLongestWork_ns) {
      measurement_.worked(working_since_ns, waited ? waits_from_ns : now_ns);
      // It was to run by then, and did not get to.
      working_since_ns = waited ? std::min(until_ns, now_ns) : now_ns;
    }
    notice_time(now_ns);
    for (const Completion& completion : batch) handle(completion, now_ns);
    settle_dirty(now_ns);
  }
  measurement_.worked(working_since_ns, os::now_ns());
  measurement_.in_flight(os::now_ns(), 0);
  exchange_.finish_zones();
  clock_.finish();
}

// Each time the thread runs: it cannot measure what happened while it stood still.
void FleetThread::notice_time(std::int64_t now_ns) {
  const std::int64_t since_ns = stall_watch_.stood_still_since(now_ns);
  if (since_ns != 0) measurement_.stood_still(since_ns, now_ns);
  measurement_.in_flight(now_ns, figures_.in_flight.load());
  measurement_.note_errors(figures_.errors.load(), now_ns);
}

void FleetThread::run_timers(std::int64_t now_ns) {
  if (!finishing_ && finish_sending_.load()) begin_finishing(now_ns);
  for (int turn = 0; turn < kTimersPerTurn && !timers_.empty() && timers_.top().due_ns <= now_ns;
       ++turn) {
    const Timer timer = timers_.top();
    timers_.pop();
    // A session's messages are due whatever happens to its connections.
    const bool owed = timer.kind == TimerKind::message && options_.pacing != Pacing::closed;
    if (owed || timer.connection == timer.client->connection) run_timer(timer, now_ns);
  }
  if (now_ns >= next_expiry_ns_) {
    if (options_.pacing == Pacing::closed) {
      measurement_.send_lag(next_expiry_ns_, now_ns - next_expiry_ns_);
    }
    next_expiry_ns_ = now_ns + kExpiryPeriod_ns;
    expire_all(now_ns);
  }
  if (!finishing_) churn(now_ns);
}

// Overdue echoes, connects and ends.
void FleetThread::expire_all(std::int64_t now_ns) {
  const auto overdue_before_ns = [&](double timeout_ms) {
    return measurement_.overdue_before_ns(now_ns, milliseconds(timeout_ms));
  };
  const std::int64_t echo_ns = overdue_before_ns(options_.echo_timeout_ms);
  const std::int64_t connect_ns = overdue_before_ns(options_.connect_timeout_ms);
  for (const auto& owned : clients_) {
    Client& client = *owned;
    if (client.state != State::live) exchange_.count_away(client, now_ns);
    if (client.state == State::closing) continue;
    const bool begins = client.state == State::connecting || client.state == State::login;
    const bool ends = client.state == State::leaving || client.state == State::ending;
    if ((begins && client.connect_began_ns <= connect_ns) ||
        (ends && !ending_all_ && client.left_ns <= connect_ns)) {
      connect_timed_out(client);
    } else if (!begins) {
      go_on(client, exchange_.expire_overdue(client, echo_ns, now_ns));
    }
  }
}

void FleetThread::run_timer(const Timer& timer, std::int64_t now_ns) {
  Client& client = *timer.client;
  switch (timer.kind) {
    case TimerKind::connect:
      if (!finishing_) connect(client);
      return;
    case TimerKind::script:
      return continue_script(client, now_ns);
    case TimerKind::message:
      go_on(client, exchange_.message_due(client, timer.due_ns, now_ns));
      return;
    case TimerKind::receive:
      client.waits_to_read = false;
      mark_dirty(client);
      return;
  }
}

// Nothing becomes due any more; a slow reader takes what is left as fast as it comes.
void FleetThread::begin_finishing(std::int64_t now_ns) {
  finishing_ = true;
  finished_ns_ = std::min(now_ns, measurement_.span().end_ns);
  for (const auto& client : clients_) {
    go_on(*client, exchange_.settle_schedule(*client, now_ns));
    if (client->read_pace) mark_dirty(*client);
  }
  exchange_.end_schedule();
}

void FleetThread::churn(std::int64_t now_ns) {
  while (churn_.due(now_ns)) {
    Client& client = *clients_[random_.below(clients_.size())];
    const bool abortive = churn_.abortive(random_);
    if (client.state != State::live) continue;
    if (!abortive) {
      figures_.disconnects.add();
      end_gracefully(client);
    } else if (client.echoed) {
      figures_.aborts.add();
      reset(client);
    }
  }
}

std::int64_t FleetThread::wait_until_ns(std::int64_t now_ns) const {
  std::int64_t until_ns = next_expiry_ns_;
  if (!timers_.empty()) until_ns = std::min(until_ns, timers_.top().due_ns);
  if (figures_.in_flight.load() > 0) until_ns = std::min(until_ns, now_ns + kLongestWait_ns);
  return until_ns;
}

void FleetThread::handle(const Completion& completion, std::int64_t now_ns) {
  auto& client = static_cast<Client&>(*completion.channel);
  switch (completion.kind) {
    case OperationKind::connect:
      mark_dirty(client);
      connected(client, completion, now_ns);
      return;
    case OperationKind::send: {
      mark_dirty(client);
      // The missing bytes of a partial send would corrupt the stream: the next send follows them.
      const bool whole = completion.bytes == client.conversation.outbox.in_flight_bytes();
      client.conversation.outbox.sent();
      figures_.bytes_sent.add(completion.bytes);
      if ((completion.error || !whole) && client.state != State::closing) {
        disconnected(client, completion.error,
                     completion.error ? "a send failed" : "a send took a part");
      }
      return;
    }
    case OperationKind::receive:
      mark_dirty(client);
      received(client, completion, now_ns);
      return;
  }
}

void FleetThread::received(Client& client, const Completion& completion, std::int64_t now_ns) {
  if (client.state == State::closing) return;
  if (completion.error || completion.bytes == 0) {
    const bool expected_end = client.state == State::ending && !completion.error;
    if (expected_end) {
      exchange_.ended_by_both(client, now_ns);
      return begin_close(client);
    }
    const bool within = !client.conversation.inbox.unread().empty();
    return disconnected(client, completion.error,
                        completion.error ? "a receive failed"
                        : within         ? "the server ended its side within a message"
                                         : "the server ended its side");
  }
  figures_.bytes_received.add(completion.bytes);
  client.last_received_ns = now_ns;
  client.conversation.inbox.commit(completion.bytes);
  if (client.read_pace) client.read_pace->received(completion.bytes, now_ns);
  go_on(client, exchange_.take_echoes(client, now_ns));
  if (client.in_script()) continue_script(client, now_ns);
}

// What the exchange appended to the outbox is sent with the other clients' messages.
void FleetThread::go_on(Client& client, bool goes_on) {
  if (!goes_on) return begin_close(client);
  if (client.conversation.outbox.has_next()) mark_dirty(client);
}

void FleetThread::mark_dirty(Client& client) {
  if (client.dirty) return;
  client.dirty = true;
  dirty_.push_back(&client);
}

void FleetThread::settle_dirty(std::int64_t now_ns) {
  for (Client* client : dirty_) post_send(*client);
  for (Client* client : dirty_) post_receive(*client, now_ns);
  for (std::size_t i = 0; i < dirty_.size(); ++i) settle(*dirty_[i], now_ns);
  dirty_.clear();
}

void FleetThread::post_send(Client& client) {
  if (!client.is_open() || client.send.outstanding) return;
  wire::Outbox& outbox = client.conversation.outbox;
  if (outbox.has_next()) {
    const auto bytes = outbox.next();
    const io::Sent sent = notifier_->send(client, bytes);
    if (!sent.error && !sent.complete) return;
    if (sent.complete) figures_.bytes_sent.add(bytes.size());
    outbox.sent();
    if (sent.error) return disconnected(client, sent.error, "a send was refused");
  }
  // All is sent: now the client's side ends. A second call does no harm.
  if (client.state == State::ending) io::end_sending(client.socket);
}

// One receive is always posted; only a slow reader's waits for its time while the connection is
// live.
void FleetThread::post_receive(Client& client, std::int64_t now_ns) {
  if (!client.is_open() || client.receive.outstanding) return;
  auto room = client.conversation.inbox.room();
  if (client.read_pace && client.state == State::live && !finishing_) {
    const ReadPace& pace = *client.read_pace;
    if (now_ns < pace.next_ns()) return wait_to_read(client);
    room = room.first(std::min(room.size(), pace.max_bytes()));
  }
  const io::Error refused = notifier_->receive(client, room);
  if (refused) disconnected(client, refused, "a receive was refused");
}

void FleetThread::wait_to_read(Client& client) {
  if (client.waits_to_read) return;
  client.waits_to_read = true;
  timers_.push({client.read_pace->next_ns(), &client, client.connection, TimerKind::receive});
}

// True when the thread may end.
bool FleetThread::stop_step(std::int64_t now_ns) {
  const std::int64_t drain_until_ns = drain_until_ns_.load();
  if (!finishing_ || drain_until_ns == kNever) return false;
  exchange_.ends_at(drain_until_ns);
  const bool settled = figures_.in_flight.load() == 0 && exchange_.waiting() == 0;
  if (!ending_all_ && (settled || drain_is_over(now_ns))) {
    ending_all_ = true;
    drained_at_ns_ = now_ns;
    for (const auto& client : clients_) {
      if (!settled) exchange_.drained(*client, now_ns);
      // A connect that is on its way is waited for: the server may have accepted it.
      if (client->state == State::live) end_gracefully(*client);
    }
  } else if (ending_all_ && now_ns - measurement_.stood_still_since_ns(drained_at_ns_) >=
                                drained_at_ns_ + kGracefulEnd_ns) {
    for (const auto& client : clients_) {
      // Of those that the fleet had ended before the drain, the server kept its side open for all
      // of it.
      const bool ended_before = client->state == State::ending && client->left_ns != 0;
      const bool waits = client->state == State::connecting || client->in_script();
      if (waits || ended_before) connect_timed_out(*client);
      if (client->state != State::idle) begin_close(*client);
    }
  }
  settle_dirty(now_ns);
  return ending_all_ && open_sockets_ == 0;
}

// No server has to wait so long for a fleet that sleeps through the end, or is too busy to see it.
bool FleetThread::server_may_be_gone(std::int64_t now_ns) const noexcept {
  const std::int64_t waits_ns = nanoseconds(options_.drain_seconds) + kLongestStandstill_ns;
  return now_ns - waits_ns >= measurement_.span().end_ns;
}

// The time in which the thread stood still is none in which it could see an echo.
bool FleetThread::drain_is_over(std::int64_t now_ns) const {
  const std::int64_t until_ns = drain_until_ns_.load();
  if (now_ns < until_ns) return false;
  const std::int64_t stood_ns = measurement_.stood_still_since_ns(finished_ns_);
  const std::int64_t stood_later_ns = measurement_.stood_still_since_ns(until_ns);
  const std::int64_t ran_later_ns = now_ns - until_ns - stood_later_ns;
  return ran_later_ns >= std::min(stood_ns - stood_later_ns, kLongestStandstill_ns) + kReadsOn_ns;
}

}  // namespace oversoak::fleet

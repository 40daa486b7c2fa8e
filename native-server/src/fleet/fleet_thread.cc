#include "fleet/fleet_thread.h"

#include <algorithm>
#include <limits>

#include "fatal.h"
#include "metrics/clock.h"
#include "wire/frame.h"

namespace oversoak::fleet {

using notify::Completion;
using notify::OperationKind;
using State = Client::State;

namespace {

constexpr std::int64_t kMillisecond_ns = 1'000'000;
constexpr std::int64_t kSecond_ns = 1'000'000'000;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
// A message sent so much after it could have been is the fleet's own fault, not the server's.
constexpr std::int64_t kLate_ns = 10 * kMillisecond_ns;
constexpr std::int64_t kExpiryPeriod_ns = 50 * kMillisecond_ns;
// After a failed connect, and after a connection that the server ended or that was given up.
constexpr std::int64_t kReconnectDelay_ns = kSecond_ns;
// How long a server may take to end its side after the client ended its own.
constexpr std::int64_t kGracefulEnd_ns = 5 * kSecond_ns;
// A fleet that is behind must still take its echoes.
constexpr int kTimersPerTurn = 32;
constexpr std::size_t kPayloadSourceBytes = 2 * 16'384;

}  // namespace

FleetThread::FleetThread(const FleetOptions& options, const sockaddr_in& server, std::size_t first,
                         std::size_t step, std::int64_t start_ns)
    : options_(options),
      server_(server),
      start_ns_(start_ns),
      drain_until_ns_(kNever),
      payload_(kPayloadSourceBytes),
      random_(options.seed * 0x100000001B3 + first) {
  const auto all = static_cast<double>(options.sessions);
  for (std::size_t i = first; i < options.sessions; i += step) {
    clients_.push_back(std::make_unique<Client>(options, random_.next()));
    const double share = static_cast<double>(i) / all;
    const auto connect_at =
        start_ns + static_cast<std::int64_t>(share * options.ramp_up_seconds * 1e9);
    timers_.push({connect_at, clients_.back().get(), 0, TimerKind::connect});
  }
  for (std::byte& byte : payload_) byte = static_cast<std::byte>(random_.next() & 0xFF);
  next_expiry_ns_ = start_ns + kExpiryPeriod_ns;
  if (options.disconnects_per_second > 0) {
    churn_gap_ns_ = 1e9 * static_cast<double>(step) / options.disconnects_per_second;
    next_churn_ns_ = start_ns + static_cast<std::int64_t>(options.ramp_up_seconds * 1e9);
  }
  std::promise<void> ready;
  std::future<void> started = ready.get_future();
  thread_ = std::thread([this, ready = std::move(ready)]() mutable { run(std::move(ready)); });
  started.get();
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

void FleetThread::run(std::promise<void> ready) {
  clock_.attach_to_current_thread();
  notifier_ = std::make_unique<notify::Iocp>(notify::IocpSettings{});
  const SOCKET probe = winsock::open_tcp_socket();
  connect_ex_ = winsock::load_connect_ex(probe);
  closesocket(probe);
  if (connect_ex_ == nullptr) fatal("ConnectEx is not there");
  ready.set_value();

  for (;;) {
    const std::int64_t before_ns = metrics::now_ns();
    run_timers(before_ns);
    settle_dirty(before_ns);
    if (stop_step(before_ns)) break;
    const auto batch = notifier_->wait(wait_ms(before_ns));
    if (batch.empty()) continue;
    const std::int64_t now_ns = metrics::now_ns();
    for (const Completion& completion : batch) handle(completion, now_ns);
    settle_dirty(now_ns);
  }
  clock_.finish();
}

void FleetThread::run_timers(std::int64_t now_ns) {
  for (int turn = 0; turn < kTimersPerTurn && !timers_.empty() && timers_.top().due_ns <= now_ns;
       ++turn) {
    const Timer timer = timers_.top();
    timers_.pop();
    Client& client = *timer.client;
    if (timer.connection != client.connection) continue;
    if (timer.kind == TimerKind::connect) {
      if (!finish_sending_.load()) connect(client);
    } else if (client.state == State::live && !finish_sending_.load()) {
      message_due(client, timer.due_ns, now_ns);
    }
  }
  if (now_ns >= next_expiry_ns_) {
    next_expiry_ns_ = now_ns + kExpiryPeriod_ns;
    expire_overdue(now_ns);
  }
  if (churn_gap_ns_ > 0 && !finish_sending_.load()) churn(now_ns);
}

// Open loop: the next message's timer is set whether or not this one can leave, so what a slow
// server holds up keeps its intended time.
void FleetThread::message_due(Client& client, std::int64_t due_ns, std::int64_t now_ns) {
  figures_.offered.add();
  const bool waits = !client.backlog.empty() || !client.window.has_room();
  if (waits) {
    figures_.held_by_window.add();
    if (client.backlog.size() < Client::kLongestBacklog) client.backlog.push_back(due_ns);
  } else {
    if (now_ns - due_ns > kLate_ns) figures_.late.add();
    send_message(client, due_ns, now_ns);
  }
  if (options_.pacing == Pacing::closed) return;  // the echo sets the next timer
  client.pacer.advance(client.random);
  timers_.push({client.pacer.due_ns(), &client, client.connection, TimerKind::message});
}

void FleetThread::expire_overdue(std::int64_t now_ns) {
  const auto timeout_ns = static_cast<std::int64_t>(options_.echo_timeout_ms * 1e6);
  for (const auto& client : clients_) {
    if (client->state == State::closing || client->window.outstanding() == 0) continue;
    const std::uint32_t expired = client->window.expire(now_ns - timeout_ns);
    if (expired == 0) continue;
    figures_.not_received_in_time.add(expired);
    // What is given up no longer holds back the messages behind it.
    send_waiting(*client, now_ns);
    for (std::uint32_t i = 0; i < expired && options_.pacing == Pacing::closed; ++i) {
      timers_.push({now_ns, client.get(), client->connection, TimerKind::message});
    }
  }
}

void FleetThread::churn(std::int64_t now_ns) {
  while (now_ns >= next_churn_ns_) {
    next_churn_ns_ += static_cast<std::int64_t>(churn_gap_ns_);
    Client& client = *clients_[random_.below(clients_.size())];
    if (client.state != State::live) continue;
    figures_.disconnects.add();
    end_gracefully(client);
  }
}

DWORD FleetThread::wait_ms(std::int64_t now_ns) const {
  std::int64_t until_ns = next_expiry_ns_;
  if (!timers_.empty()) until_ns = std::min(until_ns, timers_.top().due_ns);
  if (until_ns <= now_ns) return 0;
  // Rounded up: a wait that ends too soon only turns once more.
  return static_cast<DWORD>((until_ns - now_ns + kMillisecond_ns - 1) / kMillisecond_ns);
}

void FleetThread::connect(Client& client) {
  client.socket = winsock::open_tcp_socket();
  sockaddr_in any;
  winsock::make_address("0.0.0.0", 0, any);
  // ConnectEx wants a bound socket.
  const bool ready =
      client.socket != INVALID_SOCKET &&
      bind(client.socket, reinterpret_cast<const sockaddr*>(&any), sizeof(any)) == 0 &&
      notifier_->open(client) == 0;
  if (ready) winsock::disable_nagle(client.socket);
  if (ready && notifier_->connect(client, connect_ex_, server_) == 0) {
    client.state = State::connecting;
    ++open_sockets_;
    return;
  }
  if (client.socket != INVALID_SOCKET) closesocket(client.socket);
  client.socket = INVALID_SOCKET;
  connect_failed(client, metrics::now_ns());
}

void FleetThread::connect_failed(Client& client, std::int64_t now_ns) {
  figures_.connect_failed.add();
  client.state = State::idle;
  timers_.push({now_ns + kReconnectDelay_ns, &client, ++client.connection, TimerKind::connect});
}

void FleetThread::connected(Client& client, const Completion& completion, std::int64_t now_ns) {
  if (client.state != State::connecting) return;  // cancelled by the stop
  if (completion.error != 0) {
    closesocket(client.socket);
    client.socket = INVALID_SOCKET;
    --open_sockets_;
    connect_failed(client, now_ns);
    return;
  }
  setsockopt(client.socket, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, nullptr, 0);
  figures_.connects.add();
  figures_.live.add();
  client.state = State::live;
  client.was_live = true;
  client.reconnect_delay_ns = kReconnectDelay_ns;
  ++client.connection;
  // An own range of sequence numbers for each connection: an echo that strays to another session
  // is unknown there.
  client.window.reset(client.random.next() >> 1);
  client.inbox.clear();
  client.outbox.clear();
  client.backlog.clear();
  mark_dirty(client);
  if (options_.pacing == Pacing::closed) {
    for (std::uint32_t i = 0; i < options_.over_send; ++i) {
      timers_.push({now_ns, &client, client.connection, TimerKind::message});
    }
  } else {
    client.pacer.start(now_ns, client.random);
    timers_.push({client.pacer.due_ns(), &client, client.connection, TimerKind::message});
  }
}

// Ends the client's side; the server sends back what it has and ends its own, so nothing is lost.
void FleetThread::end_gracefully(Client& client) {
  client.state = State::ending;
  client.reconnect_delay_ns = 0;
  ++client.connection;
  client.backlog.clear();
  mark_dirty(client);
}

void FleetThread::begin_close(Client& client) {
  if (client.state == State::closing) return;
  client.state = State::closing;
  ++client.connection;
  if (client.has_pending()) notifier_->cancel(client);
  mark_dirty(client);
}

void FleetThread::handle(const Completion& completion, std::int64_t now_ns) {
  auto& client = static_cast<Client&>(*completion.channel);
  switch (completion.kind) {
    case OperationKind::connect:
      mark_dirty(client);
      connected(client, completion, now_ns);
      return;
    case OperationKind::send:
      mark_dirty(client);
      client.outbox.sent();
      figures_.bytes_sent.add(completion.bytes);
      if (completion.error != 0 && client.state != State::closing) {
        figures_.disconnected_by_server.add();
        begin_close(client);
      }
      return;
    case OperationKind::receive:
      mark_dirty(client);
      received(client, completion, now_ns);
      return;
  }
}

void FleetThread::received(Client& client, const Completion& completion, std::int64_t now_ns) {
  if (client.state == State::closing) return;
  if (completion.error != 0 || completion.bytes == 0) {
    const bool asked_for = client.state == State::ending && completion.error == 0;
    if (!asked_for) figures_.disconnected_by_server.add();
    begin_close(client);
    return;
  }
  figures_.bytes_received.add(completion.bytes);
  client.inbox.commit(completion.bytes);
  parse(client, now_ns);
}

void FleetThread::parse(Client& client, std::int64_t now_ns) {
  while (client.state != State::closing) {
    const auto unread = client.inbox.unread();
    const wire::Parsed parsed = wire::parse(unread, options_.max_frame_bytes);
    if (parsed.status == wire::ParseStatus::incomplete) return;
    if (parsed.status != wire::ParseStatus::complete ||
        !take_echo(client, unread.first(parsed.size), now_ns)) {
      // Nothing that follows on this connection can be trusted.
      figures_.corrupt.add();
      begin_close(client);
      return;
    }
    client.inbox.consume(parsed.size);
  }
}

// False for an echo that cannot be of this connection.
bool FleetThread::take_echo(Client& client, std::span<const std::byte> frame, std::int64_t now_ns) {
  const wire::Header header = wire::header_of(frame);
  const Echo echo = client.window.echoed(header.sequence);
  if (echo.kind == EchoKind::unknown) return false;
  if (echo.kind == EchoKind::duplicate) {
    figures_.duplicate.add();
    return true;
  }
  if (echo.kind == EchoKind::out_of_order) figures_.out_of_order.add();
  figures_.echoed.add();
  figures_.in_flight.subtract();
  figures_.latency_intended.record(now_ns - echo.intended_ns);
  figures_.latency_actual.record(now_ns - echo.sent_ns);
  if (options_.pacing == Pacing::closed && client.state == State::live) {
    const auto delay_ns = static_cast<std::int64_t>(options_.loop_delay_ms * 1e6);
    timers_.push({now_ns + delay_ns, &client, client.connection, TimerKind::message});
  }
  send_waiting(client, now_ns);
  return true;
}

// Messages that were due while the window was full, oldest first.
void FleetThread::send_waiting(Client& client, std::int64_t now_ns) {
  while (client.state == State::live && !finish_sending_.load() && !client.backlog.empty() &&
         client.window.has_room()) {
    const std::int64_t intended_ns = client.backlog.front();
    client.backlog.pop_front();
    send_message(client, intended_ns, now_ns);
  }
}

void FleetThread::send_message(Client& client, std::int64_t intended_ns, std::int64_t now_ns) {
  if (client.window.exhausted()) {
    begin_close(client);  // the echoes that are missing are counted already
    return;
  }
  const std::size_t sizes = options_.max_frame_bytes - options_.min_frame_bytes + 1;
  const std::size_t size = options_.min_frame_bytes + client.random.below(sizes);
  const auto frame = client.outbox.append(size);
  if (frame.empty()) fatal("a client's window let more out than its outbox holds");
  const std::size_t payload = size - wire::kOverheadBytes;
  const std::size_t at = client.random.below(payload_.size() - payload);
  wire::build(frame, {client.window.next_sequence(), intended_ns, now_ns},
              std::span(payload_).subspan(at, payload));
  client.window.sent(intended_ns, now_ns);
  figures_.sent.add();
  figures_.in_flight.add();
  figures_.send_lag.record(now_ns - intended_ns);
  mark_dirty(client);
}

void FleetThread::mark_dirty(Client& client) {
  if (client.dirty) return;
  client.dirty = true;
  dirty_.push_back(&client);
}

void FleetThread::settle_dirty(std::int64_t now_ns) {
  for (Client* client : dirty_) post_send(*client);
  for (Client* client : dirty_) post_receive(*client);
  for (std::size_t i = 0; i < dirty_.size(); ++i) settle(*dirty_[i], now_ns);
  dirty_.clear();
}

void FleetThread::post_send(Client& client) {
  const bool open = client.state == State::live || client.state == State::ending;
  if (!open || client.send.outstanding) return;
  if (!client.outbox.has_next()) {
    // All is sent: now the client's side ends. A second call does no harm.
    if (client.state == State::ending) shutdown(client.socket, SD_SEND);
    return;
  }
  if (notifier_->send(client, client.outbox.next()) == 0) return;
  client.outbox.sent();
  figures_.disconnected_by_server.add();
  begin_close(client);
}

void FleetThread::post_receive(Client& client) {
  const bool open = client.state == State::live || client.state == State::ending;
  if (!open || client.receive.outstanding) return;
  if (notifier_->receive(client, client.inbox.room()) == 0) return;
  figures_.disconnected_by_server.add();
  begin_close(client);
}

// Closes the socket when the connection has ended and nothing of it is outstanding.
void FleetThread::settle(Client& client, std::int64_t now_ns) {
  client.dirty = false;
  if (client.state == State::closing && !client.has_pending()) ended(client, now_ns);
}

void FleetThread::ended(Client& client, std::int64_t now_ns) {
  notifier_->close(client);
  closesocket(client.socket);
  client.socket = INVALID_SOCKET;
  client.state = State::idle;
  --open_sockets_;
  if (client.was_live) figures_.live.subtract();
  client.was_live = false;
  // Echoes that are missing when the whole fleet ends were in flight at the stop, not lost.
  const std::uint32_t missing = client.window.outstanding();
  if (!ending_all_) {
    figures_.in_flight.subtract(missing);
    figures_.lost_on_close.add(missing);
  }
  client.window.reset(0);
  timers_.push(
      {now_ns + client.reconnect_delay_ns, &client, client.connection, TimerKind::connect});
}

// True when the thread may end.
bool FleetThread::stop_step(std::int64_t now_ns) {
  if (drain_until_ns_.load() == kNever) return false;
  if (!ending_all_ && (figures_.in_flight.load() == 0 || now_ns >= drain_until_ns_.load())) {
    ending_all_ = true;
    force_close_at_ns_ = now_ns + kGracefulEnd_ns;
    for (const auto& client : clients_) {
      if (client->state == State::live) end_gracefully(*client);
      if (client->state == State::connecting) begin_close(*client);
    }
  } else if (ending_all_ && now_ns >= force_close_at_ns_) {
    for (const auto& client : clients_) {
      if (client->state != State::idle) begin_close(*client);
    }
  }
  settle_dirty(now_ns);
  return ending_all_ && open_sockets_ == 0;
}

}  // namespace oversoak::fleet

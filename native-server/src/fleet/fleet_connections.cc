// The life cycle of a fleet thread's connections: connect, end or reset, close, reconnect.
#include "fleet/count_error.h"
#include "fleet/fleet_thread.h"
#include "os/clock.h"

namespace oversoak::fleet {

using io::Completion;
using State = Client::State;

namespace {

// After a failed connect, and after a connection that the server ended or that was given up.
constexpr std::int64_t kReconnectDelay_ns = 1'000'000'000;

const char* what_was_due(State state) noexcept {
  switch (state) {
    case State::login:
      return "the login was not over in time";
    case State::leaving:
      return "the logout was not over in time";
    case State::ending:
      return "the server did not end its side in time";
    default:
      return "no answer to the connect in time";
  }
}

}  // namespace

void FleetThread::connect(Client& client) {
  const std::int64_t now_ns = os::now_ns();
  exchange_.count_away(client, now_ns);
  client.away = Unsent::connecting;
  if (const io::Error refused = connector_->begin(client)) {
    return connect_failed(client, refused, now_ns);
  }
  client.state = State::connecting;
  client.connect_began_ns = now_ns;
  ++open_sockets_;
}

void FleetThread::connect_timed_out(Client& client) {
  count_error(figures_, client, FleetError::connect_timed_out, os::now_ns(), {},
              what_was_due(client.state));
  client.reconnect_delay_ns = kReconnectDelay_ns;
  begin_close(client);
}

void FleetThread::connect_failed(Client& client, io::Error reason, std::int64_t now_ns) {
  const std::int64_t again_ns = now_ns + kReconnectDelay_ns;
  if (reason.is_own_shortage()) {
    client.away = Unsent::fleet;
    measurement_.refused(now_ns, again_ns, reason);
  } else if (!server_may_be_gone(now_ns)) {
    count_error(figures_, client, FleetError::connect_failed, now_ns, reason, "the connect failed");
  }
  client.state = State::idle;
  timers_.push({again_ns, &client, ++client.connection, TimerKind::connect});
}

void FleetThread::connected(Client& client, const Completion& completion, std::int64_t now_ns) {
  if (client.state != State::connecting) {
    // Given up meanwhile; a server that took it all the same counts it too.
    if (!completion.error) figures_.connects.add();
    return;
  }
  if (completion.error) {
    connector_->close(client);
    --open_sockets_;
    connect_failed(client, completion.error, now_ns);
    return;
  }
  exchange_.count_away(client, now_ns);
  figures_.connects.add();
  client.state = State::login;
  client.reconnect_delay_ns = kReconnectDelay_ns;
  ++client.connection;
  client.waits_to_read = false;
  client.script_timer_ns = 0;
  client.ended_by_both = false;
  client.last_received_ns = now_ns;
  if (client.read_pace) client.read_pace->start(now_ns);
  exchange_.begin(client, now_ns);
  continue_script(client, now_ns);
}

// Without a script it is over at once.
void FleetThread::continue_script(Client& client, std::int64_t now_ns) {
  mark_dirty(client);
  const ScriptTurn turn = exchange_.continue_script(client, now_ns);
  switch (turn.kind) {
    case ScriptTurn::Kind::waits:
      return;
    case ScriptTurn::Kind::pauses:
      if (client.script_timer_ns == turn.until_ns) return;  // it is set
      client.script_timer_ns = turn.until_ns;
      timers_.push({turn.until_ns, &client, client.connection, TimerKind::script});
      return;
    case ScriptTurn::Kind::over:
      if (client.state == State::login) return go_live(client, now_ns);
      client.state = State::ending;
      return;
  }
}

void FleetThread::go_live(Client& client, std::int64_t now_ns) {
  exchange_.count_away(client, now_ns, true);
  figures_.live.add();
  client.state = State::live;
  client.left_ns = 0;
  client.was_live = true;
  exchange_.go_live(client, now_ns);
  if (ending_all_) end_gracefully(client);
}

// Ends the client's side; the server sends back what it has and ends its own, so nothing is lost.
// With a script that follows when all is answered, for not every server still answers then.
void FleetThread::end_gracefully(Client& client) {
  const bool leaves = exchange_.has_logout(client, ending_all_);
  client.state = leaves ? State::leaving : State::ending;
  client.away = Unsent::closing;
  if (!ending_all_) client.left_ns = os::now_ns();
  client.reconnect_delay_ns = 0;
  ++client.connection;
  mark_dirty(client);
  if (leaves) continue_script(client, os::now_ns());
}

// Drops the connection: what is in flight on it is lost.
void FleetThread::reset(Client& client) {
  client.resets = true;
  client.away = Unsent::connecting;
  client.left_ns = os::now_ns();
  client.reconnect_delay_ns = 0;
  begin_close(client);
}

void FleetThread::disconnected(Client& client, io::Error reason, const char* what) {
  const std::int64_t now_ns = os::now_ns();
  if (!server_may_be_gone(now_ns)) {
    count_error(figures_, client, FleetError::disconnected_by_server, now_ns, reason,
                [&] { return exchange_.unfinished(client, what); });
  }
  begin_close(client);
}

void FleetThread::begin_close(Client& client) {
  if (client.state == State::closing) return;
  if (client.state == State::live && !client.resets) {
    client.away = Unsent::lost;
    // Until then it is away by the server alone, whatever else the thread does.
    client.away_since_ns = os::now_ns() + client.reconnect_delay_ns;
  }
  client.state = State::closing;
  ++client.connection;
  if (client.has_pending()) notifier_->cancel(client);
  mark_dirty(client);
}

// Closes the socket when the connection has ended and nothing of it is outstanding.
void FleetThread::settle(Client& client, std::int64_t now_ns) {
  client.dirty = false;
  if (client.state == State::closing && !client.has_pending()) ended(client, now_ns);
}

void FleetThread::ended(Client& client, std::int64_t now_ns) {
  connector_->close(client);
  exchange_.connection_over(client, ending_all_ ? drained_at_ns_ : now_ns, ending_all_);
  client.resets = false;
  client.state = State::idle;
  --open_sockets_;
  if (client.was_live) figures_.live.subtract();
  client.was_live = false;
  // Echoes that are missing when the whole fleet ends were in flight at the stop, not lost.
  const std::uint32_t missing = client.conversation.window.outstanding();
  if (!ending_all_) {
    figures_.in_flight.subtract(missing);
    measurement_.answered(now_ns, now_ns, figures_.in_flight.load());
    figures_.lost_on_close.add(missing);
  }
  client.conversation.window.reset(0);
  timers_.push(
      {now_ns + client.reconnect_delay_ns, &client, client.connection, TimerKind::connect});
}

}  // namespace oversoak::fleet

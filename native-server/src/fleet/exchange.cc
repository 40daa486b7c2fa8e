#include "fleet/exchange.h"

#include "fleet/stages.h"

namespace oversoak::fleet {

using State = Client::State;

namespace {

// A message sent so much after it could have been is the fleet's own fault, not the server's.
constexpr std::int64_t kLate_ns = 10'000'000;

}  // namespace

Exchange::Exchange(const FleetOptions& options, Random& random, ThreadFigures& figures,
                   Timers& timers)
    : options_(options),
      dialect_(make_dialect(options, random)),
      figures_(figures),
      timers_(timers) {}

void Exchange::begin(Client& client, std::int64_t now_ns) {
  // An own range of sequence numbers for each connection: an echo that strays to another session
  // is unknown there.
  client.conversation.begin(client.random.next() >> 1);
  dialect_->begin(client.conversation, client.random);
  client.backlog.clear();
  client.heard = false;
  if (options_.pacing == Pacing::closed) {
    for (std::uint32_t i = 0; i < options_.over_send; ++i) set_message_timer(client, now_ns);
  } else {
    client.pacer.start(now_ns, client.random);
    set_message_timer(client, client.pacer.due_ns());
  }
}

void Exchange::set_message_timer(Client& client, std::int64_t due_ns) {
  timers_.push({due_ns, &client, client.connection, TimerKind::message});
}

// Open loop: the next message's timer is set whether or not this one can leave, so what a slow
// server holds up keeps its intended time.
bool Exchange::message_due(Client& client, std::int64_t due_ns, std::int64_t now_ns) {
  if (client.state != State::live || !sending_) return true;
  figures_.offered.add();
  bool goes_on = true;
  if (!client.backlog.empty() || !client.conversation.window.has_room()) {
    figures_.held_by_window.add();
    if (client.backlog.size() < Client::kLongestBacklog) client.backlog.push_back(due_ns);
  } else {
    if (now_ns - due_ns > kLate_ns) figures_.late.add();
    goes_on = send_message(client, due_ns, now_ns);
  }
  if (options_.pacing == Pacing::closed) return goes_on;  // the echo sets the next timer
  client.pacer.advance(client.random);
  set_message_timer(client, client.pacer.due_ns());
  return goes_on;
}

bool Exchange::take_echoes(Client& client, std::int64_t now_ns) {
  for (;;) {
    const Heard heard = dialect_->hear(client.conversation);
    switch (heard.kind) {
      case Heard::Kind::nothing:
        return true;
      case Heard::Kind::echo:
        if (!take_echo(client, heard, now_ns)) return false;
        break;
      case Heard::Kind::corrupt:
        // Nothing that follows on this connection can be trusted.
        figures_.corrupt.add();
        return false;
    }
  }
}

bool Exchange::take_echo(Client& client, const Heard& heard, std::int64_t now_ns) {
  client.heard = true;
  if (heard.echo.kind == EchoKind::duplicate) {
    figures_.duplicate.add();
    return true;
  }
  if (heard.echo.kind == EchoKind::out_of_order) figures_.out_of_order.add();
  figures_.echoed.add();
  figures_.in_flight.subtract();
  if (!client.read_pace) count_latency(client, heard, now_ns);
  if (options_.pacing == Pacing::closed && client.state == State::live) {
    set_message_timer(client, now_ns + static_cast<std::int64_t>(options_.loop_delay_ms * 1e6));
  }
  return send_waiting(client, now_ns);
}

void Exchange::count_latency(const Client& client, const Heard& heard, std::int64_t now_ns) {
  const Echo& echo = heard.echo;
  figures_.latency_intended.record(now_ns - echo.intended_ns);
  figures_.latency_actual.record(now_ns - echo.sent_ns);
  // Without stamps all that is beyond the client counts as the network's; that is enough to tell of
  // one echo, but no part of a table that says where the server's time went.
  const StageTimes times =
      split_latency(echo.intended_ns, echo.sent_ns, now_ns, heard.stamps.value_or(wire::Stamps{}));
  if (heard.stamps) figures_.stages.record(times);
  figures_.slow_echoes.note({client.session, echo.message, echo.intended_ns, times});
}

bool Exchange::expire_overdue(Client& client, std::int64_t now_ns) {
  // What a slow reader has not read is no fault of the server's.
  if (client.read_pace || client.conversation.window.outstanding() == 0) return true;
  const auto timeout_ns = static_cast<std::int64_t>(options_.echo_timeout_ms * 1e6);
  const std::uint32_t expired = client.conversation.window.expire(now_ns - timeout_ns);
  if (expired == 0) return true;
  figures_.not_received_in_time.add(expired);
  for (std::uint32_t i = 0; i < expired && options_.pacing == Pacing::closed; ++i) {
    set_message_timer(client, now_ns);
  }
  // What is given up no longer holds back the messages behind it.
  return send_waiting(client, now_ns);
}

// Messages that were due while the window was full, oldest first.
bool Exchange::send_waiting(Client& client, std::int64_t now_ns) {
  while (client.state == State::live && sending_ && !client.backlog.empty() &&
         client.conversation.window.has_room()) {
    const std::int64_t intended_ns = client.backlog.front();
    client.backlog.pop_front();
    if (!send_message(client, intended_ns, now_ns)) return false;
  }
  return true;
}

bool Exchange::send_message(Client& client, std::int64_t intended_ns, std::int64_t now_ns) {
  Window& window = client.conversation.window;
  if (window.exhausted()) return false;  // the echoes that are missing are counted already
  dialect_->say(client.conversation, intended_ns, now_ns, client.random);
  window.sent(intended_ns, now_ns);
  figures_.sent.add();
  figures_.in_flight.add();
  if (!client.read_pace) figures_.send_lag.record(now_ns - intended_ns);
  return true;
}

}  // namespace oversoak::fleet

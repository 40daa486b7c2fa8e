#include "fleet/exchange.h"

#include <algorithm>
#include <cstdlib>

#include "fleet/count_error.h"
#include "fleet/dialect/framed_dialect.h"
#include "fleet/dialect/plugin_dialect.h"
#include "fleet/dialect/zone_dialect.h"
#include "fleet/stages.h"

namespace oversoak::fleet {

using State = Client::State;

namespace {

// So long a session may be between two connections because the fleet ended it (churn): the server
// takes part in the end and in the new connection, and what it takes longer for them is its own.
constexpr std::int64_t kChurnGrace_ns = 250'000'000;

std::unique_ptr<Dialect> dialect_of(const FleetOptions& options, Random& random) {
  if (options.program) {
    return std::make_unique<FramedDialect>(options.program,
                                           static_cast<std::uint32_t>(options.seed));
  }
  if (options.plugin) return std::make_unique<PluginDialect>(options.plugin);
  if (options.zones) {
    return std::make_unique<ZoneDialect>(
        MessageSizes{options.min_frame_bytes, options.max_frame_bytes}, *options.zones, random);
  }
  return make_dialect(options.protocol, {options.min_frame_bytes, options.max_frame_bytes},
                      options.answers, random);
}

}  // namespace

Exchange::Exchange(const FleetOptions& options, Random& random, ThreadFigures& figures,
                   Measurement& measurement, Timers& timers)
    : options_(options),
      dialect_(dialect_of(options, random)),
      figures_(figures),
      measurement_(measurement),
      timers_(timers) {}

void Exchange::schedule(Client& client, std::int64_t start_ns) {
  if (options_.pacing == Pacing::closed) return;
  client.pacer.start(start_ns, client.random);
  client.away_since_ns = start_ns;
}

void Exchange::count_away(Client& client, std::int64_t now_ns, bool is_over) {
  if (options_.pacing == Pacing::closed || !scheduling_) return;
  const bool by_server = client.left_ns == 0 && client.away != Unsent::fleet;
  const std::int64_t stood_ns =
      by_server ? measurement_.stood_still_since_ns(client.away_since_ns) : 0;
  never_live(client, now_ns - stood_ns, {});
  if (is_over) never_live(client, now_ns, Unsent::fleet);
}

// No cause: the client's.
void Exchange::never_live(Client& client, std::int64_t until_ns, std::optional<Unsent> cause) {
  until_ns = std::min(until_ns, measurement_.span().end_ns);
  for (; client.pacer.due_ns() < until_ns; client.pacer.advance(client.random)) {
    const std::int64_t due_ns = client.pacer.due_ns();
    measurement_.due(due_ns);
    measurement_.unsent(due_ns, cause.value_or(away_cause(client, due_ns)));
  }
}

// Whether a message without a session, or in the connection that the fleet ended, has only that to
// blame. While the fleet stood still it could not see the server's part.
bool Exchange::is_churn(const Client& client, std::int64_t due_ns) const {
  if (client.left_ns == 0) return false;
  const std::int64_t away_ns = std::abs(due_ns - client.left_ns);
  const std::int64_t since_ns = std::min(due_ns, client.left_ns);
  return away_ns - kChurnGrace_ns < measurement_.stood_still_since_ns(since_ns);
}

Unsent Exchange::away_cause(const Client& client, std::int64_t due_ns) const {
  return is_churn(client, due_ns) ? Unsent::churn : client.away;
}

void Exchange::begin(Client& client, std::int64_t now_ns) {
  // An own range of sequence numbers for each connection: an echo that strays to another session
  // is unknown there.
  client.conversation.begin(client.random.next() >> 1, now_ns);
  dialect_->begin(client.conversation, client.random);
  client.echoed = false;
  client.pauses_before.reset();
}

ScriptTurn Exchange::continue_script(Client& client, std::int64_t now_ns) {
  const bool login = client.state == State::login;
  if (!login && dialect_->logout_waits() && client.conversation.window.outstanding() > 0) {
    return {ScriptTurn::Kind::waits};
  }
  return dialect_->continue_script(client.conversation, login ? Script::login : Script::logout,
                                   now_ns);
}

void Exchange::go_live(Client& client, std::int64_t now_ns) {
  if (options_.pacing != Pacing::closed) return set_next_timer(client);
  for (std::uint32_t i = 0; i < options_.over_send; ++i) set_message_timer(client, now_ns);
}

void Exchange::set_message_timer(Client& client, std::int64_t due_ns) {
  if (due_ns >= measurement_.span().end_ns) return;
  timers_.push({due_ns, &client, client.connection, TimerKind::message});
}

// A timer of the connection before may still be set: for this message, or for one that was counted
// meanwhile, and then it is stale.
void Exchange::set_next_timer(Client& client) {
  if (client.message_timer_ns == client.pacer.due_ns()) return;
  client.message_timer_ns = client.pacer.due_ns();
  set_message_timer(client, client.message_timer_ns);
}

bool Exchange::message_due(Client& client, std::int64_t due_ns, std::int64_t now_ns) {
  if (!scheduling_) return true;
  if (options_.pacing != Pacing::closed) return open_loop_due(client, due_ns, now_ns);
  if (client.state != State::live || now_ns >= measurement_.span().end_ns) return true;
  return closed_loop_due(client, now_ns);
}

// A message is due when its session has paused before it; those that come after it wait.
bool Exchange::closed_loop_due(Client& client, std::int64_t now_ns) {
  const std::uint64_t next = client.conversation.window.next_message();
  if (client.pauses_before != next) {
    client.pauses_before = next;
    client.pause_until_ns = now_ns + dialect_->pause_ns(client.conversation);
  }
  if (now_ns < client.pause_until_ns) {
    set_message_timer(client, client.pause_until_ns);
    return true;
  }
  measurement_.due(now_ns);
  return send_or_hold(client, {now_ns}, now_ns);
}

// The next message's timer is set whether or not this one can leave, so what a slow server holds up
// keeps its intended time.
bool Exchange::open_loop_due(Client& client, std::int64_t due_ns, std::int64_t now_ns) {
  if (due_ns != client.message_timer_ns) return true;
  client.message_timer_ns = 0;
  if (client.state != State::live) return true;  // count_away has it
  client.pacer.advance(client.random);
  set_next_timer(client);
  measurement_.due(due_ns);
  const DueMessage message{due_ns, now_ns - due_ns};
  if (message.is_late()) {
    measurement_.behind(now_ns, message.own_lag_ns);
    // What was missed in the warm-up is not made up for: it would be a burst in the measurement.
    if (due_ns < measurement_.span().start_ns) return true;
  }
  return send_or_hold(client, message, now_ns);
}

bool Exchange::send_or_hold(Client& client, DueMessage message, std::int64_t now_ns) {
  const bool waits = !client.backlog.empty() || !client.conversation.window.has_room();
  client.latest = message = message.after(client.latest, waits, measurement_.stood_still_ns());
  if (waits) {
    client.backlog.push_back(message);
    if (client.backlog.size() <= Client::kLongestBacklog) {
      ++waiting_;
      return true;
    }
    // The oldest one, so that the reported age is not too small.
    never_sent(client, client.backlog.front(), now_ns);
    client.backlog.pop_front();
    return true;
  }
  // In a closed loop messages have no time to be late for; there the thread's own timers do.
  if (!client.read_pace && options_.pacing != Pacing::closed) {
    measurement_.send_lag(message.due_ns, message.own_lag_ns);
  }
  return send_message(client, message, now_ns,
                      message.is_late() ? Departure::late : Departure::on_time);
}

bool Exchange::take_echoes(Client& client, std::int64_t now_ns) {
  for (;;) {
    const Received received = dialect_->read_answer(client.conversation);
    switch (received.kind) {
      case Received::Kind::incomplete:
        return true;
      case Received::Kind::echo:
        if (!take_echo(client, received, now_ns)) return false;
        break;
      case Received::Kind::other:
        break;
      case Received::Kind::error:
        if (!take_error(client, received, now_ns)) return false;
        break;
      case Received::Kind::delivery:
        if (!take_delivery(client, received, now_ns)) return false;
        break;
      case Received::Kind::tick:
        take_tick(client, received, now_ns);
        break;
      case Received::Kind::joined:
        figures_.zones.joins.add();
        break;
      case Received::Kind::left:
        figures_.zones.leaves.add();
        figures_.zones.skipped.add(received.skipped);
        count_missing(client, client.conversation.zone.give_up(), now_ns);
        break;
      case Received::Kind::corrupt:
        // Nothing that follows on this connection can be trusted.
        count_error(figures_, client, FleetError::corrupt, now_ns, {},
                    [&] { return named(client, dialect_->mismatch(client.conversation)); });
        return false;
    }
  }
}

// The message is answered all the same; a script that an error answers cannot go on.
bool Exchange::take_error(Client& client, const Received& received, std::int64_t now_ns) {
  count_error(figures_, client, FleetError::error_answer, now_ns, {},
              [&] { return named(client, dialect_->reported_error(client.conversation)); });
  if (received.echo.kind == EchoKind::unknown) return !client.in_script();
  return take_echo(client, received, now_ns);
}

bool Exchange::take_echo(Client& client, const Received& received, std::int64_t now_ns) {
  client.echoed = true;
  const Echo& echo = received.echo;
  const auto not_the_next = [&](const char* what) {
    return named(client, {.what = what,
                          .message = echo.message,
                          .expected_message = client.conversation.window.next_in_order()});
  };
  if (echo.kind == EchoKind::duplicate) {
    count_error(figures_, client, FleetError::duplicate, now_ns, {},
                [&] { return not_the_next("its echo had come before"); });
    return true;
  }
  if (echo.kind == EchoKind::out_of_order) {
    count_error(figures_, client, FleetError::out_of_order, now_ns, {},
                [&] { return not_the_next("the echo of a later message had come before"); });
  }
  client.latest_took_ns = now_ns - echo.sent_ns;
  figures_.echoed.add();
  figures_.in_flight.subtract();
  measurement_.answered(echo.intended_ns, now_ns, figures_.in_flight.load());
  const MessageTimes times{echo.intended_ns, echo.own_lag_ns, echo.sent_ns, now_ns};
  measurement_.echoed(times, received.stamps, !client.read_pace);
  if (received.stamps) measurement_.saw_server(echo.sent_ns, *received.stamps, now_ns);
  const auto stages = measurement_.split(times, received.stamps.value_or(wire::Stamps{}));
  if (stages && !client.read_pace && figures_.slow_echoes.wants(*stages)) {
    const std::uint64_t number = dialect_->named_number(client.conversation, echo.message);
    figures_.slow_echoes.note({client.session, number, echo.intended_ns, *stages});
  }
  // One that was given up has been replaced.
  if (options_.pacing == Pacing::closed && client.state == State::live && !echo.overdue) {
    set_message_timer(client, now_ns + static_cast<std::int64_t>(options_.loop_delay_ms * 1e6));
  }
  return send_waiting(client, now_ns);
}

Mismatch Exchange::named(const Client& client, Mismatch found) const {
  for (auto* number : {&found.message, &found.expected_message}) {
    if (*number) *number = dialect_->named_number(client.conversation, **number);
  }
  return found;
}

Mismatch Exchange::unfinished(const Client& client, const char* what) const {
  Mismatch found{.what = what, .got = Excerpt::of(client.conversation.inbox.unread())};
  const auto oldest = client.conversation.window.oldest_unanswered();
  if (oldest) found.expected_message = oldest->message;
  return named(client, found);
}

// Messages that were due while the window was full, oldest first.
bool Exchange::send_waiting(Client& client, std::int64_t now_ns) {
  while (client.state == State::live && !client.backlog.empty() &&
         client.conversation.window.has_room() && may_be_answered(client, now_ns)) {
    const DueMessage message =
        client.backlog.front().waited_until(now_ns, measurement_.stood_still_ns());
    client.backlog.pop_front();
    --waiting_;
    const Departure departure = message.is_late_alone(now_ns) ? Departure::late : Departure::held;
    if (!send_message(client, message, now_ns, departure)) return false;
  }
  return true;
}

// A server that is too slow for its load would be accused of what it had no time for: an echo may
// take twice what the one before it took.
bool Exchange::may_be_answered(const Client& client, std::int64_t now_ns) const noexcept {
  return client.read_pace || now_ns < end_ns_ - 2 * client.latest_took_ns;
}

// Of what others receive it cannot be told later what of its latency is no fault of the server's:
// the fleet's own lateness, and what a slow reader held up.
std::int64_t Exchange::stamped_due_ns(const Client& client, const DueMessage& message,
                                      std::int64_t now_ns) const {
  if (!options_.zones) return message.due_ns;
  return client.read_pace ? now_ns : message.due_ns + message.own_lag_ns;
}

bool Exchange::send_message(Client& client, DueMessage message, std::int64_t now_ns,
                            Departure departure) {
  Window& window = client.conversation.window;
  if (window.exhausted()) {  // the echoes that are missing are counted already
    never_sent(client, message, now_ns);
    return false;
  }
  window.make_room();
  dialect_->write_message(client.conversation, stamped_due_ns(client, message, now_ns), now_ns,
                          client.random);
  window.sent(message.due_ns, now_ns, message.own_lag_ns);
  figures_.sent.add();
  figures_.in_flight.add();
  // What a slow reader holds up is no fault of the server's.
  measurement_.sent(message.due_ns, departure, client.read_pace ? message.due_ns : now_ns);
  return true;
}

bool Exchange::settle_schedule(Client& client, std::int64_t now_ns) {
  if (options_.pacing == Pacing::closed) return true;
  bool goes_on = true;
  if (client.state != State::live) count_away(client, now_ns, true);
  const std::int64_t until_ns = std::min(now_ns, measurement_.span().end_ns);
  for (; client.pacer.due_ns() < until_ns; client.pacer.advance(client.random)) {
    const std::int64_t due_ns = client.pacer.due_ns();
    measurement_.due(due_ns);
    if (const DueMessage message{due_ns, now_ns - due_ns}; message.is_late()) {
      measurement_.unsent(due_ns, Unsent::fleet);
    } else if (!goes_on) {
      measurement_.unsent(due_ns, Unsent::lost);
    } else {
      goes_on = send_or_hold(client, message, now_ns);
    }
  }
  return goes_on;
}

}  // namespace oversoak::fleet

// A message's way through the server: from the inbox to the content's work and to the outbox.
#include "fatal.h"
#include "os/clock.h"
#include "server/io_thread.h"
#include "wire/frame.h"

namespace oversoak::server {

using metrics::ServerError;
using State = Session::State;

namespace {

constexpr const char* kSendOverflow =
    "sendQueueBytes of answers wait for a peer that reads too slowly";

}  // namespace

// IO thread. The layout decides which thread does the content's work.
void IoThread::message_arrived(Session& session, std::span<std::byte> bytes) {
  layout::Message message;
  message.player = &session.player;
  message.turn = session.next_turn++;
  message.bytes = bytes;
  message.stamps.received_ns = os::now_ns();
  if (session.zone && !say_to_zone(session, message)) return;
  layout::ContentThread* to = shared_.layout.route(session.player, message.stamps, routes_);
  if (to != nullptr) return send_out(session, keep(session, message), *to);
  if (!desk_.is_ready(session.player, message.turn)) {
    PooledMessage& kept = keep(session, message);
    session.messages_out.fetch_add(1, std::memory_order_relaxed);
    return desk_.keep(kept);
  }
  desk_.handle(message);
  if (!message.zone) return answer(session, message);
  session.messages_out.fetch_add(1, std::memory_order_relaxed);
  wire::write_stamps(message.bytes, message.stamps);
  pass_to_zone(std::move(message.zone));
}

// Copies a message out of the inbox, which its bytes will leave; a zone's are copied already.
PooledMessage& IoThread::keep(Session& session, const layout::Message& message) {
  PooledMessage& kept = session.messages.take();
  static_cast<layout::Message&>(kept) = message;
  if (kept.zone) {
    static_cast<PooledZoneMessage&>(*kept.zone).message = &kept;
  } else {
    kept.storage.assign(message.bytes.begin(), message.bytes.end());
    kept.bytes = kept.storage;
  }
  kept.session = &session;
  kept.home = this;
  kept.result = PooledMessage::Result::unanswered;
  return kept;
}

void IoThread::send_out(Session& session, PooledMessage& message, layout::ContentThread& routed) {
  layout::ContentThread* to = &routed;
  const std::size_t wrong = session.player.take_misroute();
  if (wrong != layout::Player::kNobody) {
    message.misrouted = true;
    to = shared_.layout.content_threads()[wrong].get();
  }
  message.keep_alive = sessions_[session.index];
  session.messages_out.fetch_add(1, std::memory_order_relaxed);
  if (to->try_push(message)) return;
  session.messages_out.fetch_sub(1, std::memory_order_relaxed);
  message.keep_alive.reset();
  message.zone = {};
  message.in_use.store(false, std::memory_order_relaxed);
  // The turn is lost, and with it the session.
  give_up(session, ServerError::queue_overflow,
          "queueLimit messages waited for its content thread");
}

// IO thread: the echo of a message whose work is done.
void IoThread::answer(Session& session, layout::Message& message) {
  if (session.state == State::closing) {
    sender_.figures.frames_discarded.add();
    return;
  }
  if (options_.protocol == wire::Protocol::oversoak) {
    wire::write_stamps(message.bytes, message.stamps);
  }
  session.may_send = true;
  if (queue_answer(session, message.bytes, accept_faults_.keeps_echoes(), sender_)) return;
  give_up(session, ServerError::send_overflow, kSendOverflow);
}

// Content thread. Where it may not send, the IO thread is woken in the notifier's own way (an APC,
// the dummy event, a message) and does it.
void IoThread::finished(layout::Message& message, std::size_t thread) {
  auto& pooled = static_cast<PooledMessage&>(message);
  // The session, whose lock is left last, stays in memory until then.
  const std::shared_ptr<void> keep_alive = std::move(pooled.keep_alive);
  if (!content_threads_send_ ||
      answer_directly(*pooled.session, pooled, *shared_.content_senders[thread])) {
    if (returns_.push(&pooled)) notifier_->wake();
    return;
  }
  pooled.in_use.store(false, std::memory_order_release);
}

// Content thread: posts the echo. True when the IO thread has something to do with the session:
// only it closes one.
bool IoThread::answer_directly(Session& session, PooledMessage& message, Sender& sender) {
  using Result = PooledMessage::Result;
  const std::unique_lock lock(session.sending);
  message.result = Result::answered;
  if (session.state == State::closing) {
    sender.figures.frames_discarded.add();
    return true;
  }
  if (options_.protocol == wire::Protocol::oversoak) {
    wire::write_stamps(message.bytes, message.stamps);
  }
  if (!queue_answer(session, message.bytes, accept_faults_.keeps_echoes(), sender)) {
    message.result = Result::overflowed;
    return true;
  }
  // One send in flight: what comes meanwhile leaves with the next, when its completion arrives.
  if (session.outbox.has_next()) {
    const auto bytes = next_send(session);
    const io::Sent sent = notifier_->send_from_any_thread(session, bytes, sender.figures.sends);
    if (sent.error || sent.complete) session.outbox.sent();
    if (sent.complete) sender.figures.bytes_sent.add(bytes.size());
    if (sent.error) {
      message.result = Result::send_failed;
      message.error = sent.error;
      return true;
    }
  }
  if (session.state == State::finishing) return true;
  // No completion will report to the IO thread that it may receive again.
  if (options_.duplex == Duplex::half && session.outbox.empty()) return true;
  session.messages_out.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

void IoThread::take_returned() {
  returns_.take(returned_);
  for (PooledMessage* message : returned_) take_back(*message);
}

// IO thread. The session is there: a message of it was out.
void IoThread::take_back(PooledMessage& message) {
  Session& session = *message.session;
  if (message.zone) {
    wire::write_stamps(message.bytes, message.stamps);
    return pass_to_zone(std::move(message.zone));
  }
  switch (message.result) {
    case PooledMessage::Result::unanswered:
      answer(session, message);
      break;
    case PooledMessage::Result::answered:
      break;
    case PooledMessage::Result::overflowed:
      give_up(session, ServerError::send_overflow, kSendOverflow);
      break;
    case PooledMessage::Result::send_failed:
      failed(session, message.error, ServerError::send_failed, "a send failed");
      break;
  }
  message.in_use.store(false, std::memory_order_relaxed);
  session.messages_out.fetch_sub(1, std::memory_order_relaxed);
  mark_dirty(session);
}

// Homo: what waited for the ticks of its contents.
void IoThread::run_content_ticks() {
  if (desk_.next_tick_ns() == layout::HomoDesk::kNever) return;
  ticked_.clear();
  desk_.tick(os::now_ns(), ticked_);
  for (layout::Message* message : ticked_) take_back(static_cast<PooledMessage&>(*message));
}

}  // namespace oversoak::server

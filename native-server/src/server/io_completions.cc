// Where an IO completion arrives: from a completion to the messages in it.
#include "fatal.h"
#include "server/io_thread.h"

namespace oversoak::server {

using io::Completion;
using io::OperationKind;
using metrics::ServerError;
using State = Session::State;

void IoThread::handle(const Completion& completion) {
  auto& session = static_cast<Session&>(*completion.channel);
  mark_dirty(session);
  switch (completion.kind) {
    case OperationKind::receive:
      return received(session, completion);
    case OperationKind::send:
      return sent(session, completion);
    case OperationKind::connect:
      fatal("a connect completed on a server");
  }
}

// Wine completes a pending send with a part when the peer ends its side; Windows does not. The rest
// follows at once: it is in flight, so nobody else sends meanwhile, and it has its stamps.
void IoThread::sent(Session& session, const Completion& completion) {
  io::Error error = completion.error;
  sender_.figures.bytes_sent.add(completion.bytes);
  session.may_send = true;  // the messages queued behind it
  {
    const auto lock = sending(session);
    const auto left = session.outbox.left_after(completion.bytes);
    if (!error && !left.empty() && session.state != State::closing) {
      const io::Sent again = notifier_->send(session, left);
      if (!again.error && !again.complete) return;
      if (again.complete) sender_.figures.bytes_sent.add(left.size());
      error = again.error;
    }
    session.outbox.sent();
  }
  if (error) failed(session, error, ServerError::send_failed, "a send failed");
}

void IoThread::received(Session& session, const Completion& completion) {
  if (session.state != State::open) return;
  if (completion.error) {
    return failed(session, completion.error, ServerError::receive_failed, "a receive failed");
  }
  if (completion.bytes == 0) {
    if (session.zone) stop_deliveries(session);
    const auto lock = sending(session);
    session.state = State::finishing;
    return;
  }
  figures_.bytes_received.add(completion.bytes);
  session.inbox.commit(completion.bytes);
  parse(session);
}

void IoThread::parse(Session& session) {
  while (session.state == State::open) {
    const auto unread = session.inbox.unread();
    const wire::Parsed parsed =
        session.zone ? wire::parse(unread, options_.max_frame_bytes, true)
                     : wire::parse(options_.protocol, unread, options_.max_frame_bytes);
    if (parsed.status == wire::ParseStatus::incomplete) return;
    if (is_malformed(session, parsed.status, unread)) return;
    figures_.frames_received.add();
    message_arrived(session, unread.first(parsed.size));
    session.inbox.consume(parsed.size);
  }
}

// Closes the session if its bytes are not a valid message.
bool IoThread::is_malformed(Session& session, wire::ParseStatus status,
                            std::span<const std::byte> unread) {
  switch (status) {
    case wire::ParseStatus::complete:
    case wire::ParseStatus::incomplete:
      return false;
    case wire::ParseStatus::malformed:
      give_up(session, ServerError::malformed_frame, "a length or a reserved field is not valid",
              {}, unread);
      return true;
    case wire::ParseStatus::oversized:
      give_up(session, ServerError::oversized_frame, "a frame longer than maxFrameBytes", {},
              unread);
      return true;
    case wire::ParseStatus::checksum_mismatch:
      give_up(session, ServerError::checksum_mismatch, "other bytes than its checksum says", {},
              unread);
      return true;
  }
  fatal("a parse status without a meaning");
}

}  // namespace oversoak::server

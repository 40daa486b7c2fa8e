#include "server/io_thread.h"

#include <algorithm>

#include "fatal.h"
#include "metrics/clock.h"
#include "notify/registry.h"
#include "wire/frame.h"

namespace oversoak::server {

using notify::Completion;
using notify::OperationKind;
using State = Session::State;

IoThread::IoThread(const ServerOptions& options, layout::Layout& layout)
    : options_(options), layout_(layout), faults_(options.fault) {
  std::promise<void> ready;
  std::future<void> started = ready.get_future();
  thread_ = std::thread([this, ready = std::move(ready)]() mutable { run(std::move(ready)); });
  started.get();
}

IoThread::~IoThread() {
  if (thread_.joinable()) fatal("an IO thread was dropped while it ran");
}

void IoThread::adopt(SOCKET socket) {
  load_.fetch_add(1, std::memory_order_relaxed);
  if (arrivals_.push(socket)) notifier_->wake();
}

void IoThread::stop() {
  stopping_.store(true);
  notifier_->wake();
}

void IoThread::join() {
  if (thread_.joinable()) thread_.join();
}

void IoThread::run(std::promise<void> ready) {
  clock_.attach_to_current_thread();
  notifier_ = notify::make_notifier(options_.notifier, options_.iocp);
  capacity_ = notifier_->capacity();
  ready.set_value();

  std::vector<SOCKET> arrived;
  bool closing_all = false;
  while (!closing_all || !sessions_.empty()) {
    const auto batch = notifier_->wait(INFINITE);
    const std::int64_t now_ns = metrics::now_ns();
    for (const Completion& completion : batch) handle(completion, now_ns);
    // Read first: what was handed over before the stop is taken before this thread ends.
    const bool stopping = stopping_.load();
    arrivals_.take(arrived);
    for (const SOCKET socket : arrived) open(socket);
    if (stopping && !closing_all) {
      closing_all = true;
      close_all();
    }
    settle_dirty();
  }
  clock_.finish();
}

void IoThread::open(SOCKET socket) {
  auto session =
      std::make_unique<Session>(socket, options_.max_frame_bytes, options_.send_queue_bytes);
  if (notifier_->open(*session) != 0) {
    figures_.receives_failed.add();
    figures_.closed.add();
    closesocket(socket);
    load_.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  session->index = sessions_.size();
  mark_dirty(*session);  // settling posts its first receive
  sessions_.push_back(std::move(session));
}

void IoThread::handle(const Completion& completion, std::int64_t now_ns) {
  auto& session = static_cast<Session&>(*completion.channel);
  mark_dirty(session);
  switch (completion.kind) {
    case OperationKind::receive:
      received(session, completion, now_ns);
      return;
    case OperationKind::send:
      session.outbox.sent();
      figures_.bytes_sent.add(completion.bytes);
      if (completion.error != 0) give_up(session, figures_.sends_failed);
      return;
    case OperationKind::connect:
      fatal("a connect completed on a server");
  }
}

void IoThread::received(Session& session, const Completion& completion, std::int64_t now_ns) {
  if (session.state != State::open) return;
  if (completion.error != 0) return give_up(session, figures_.receives_failed);
  if (completion.bytes == 0) {
    session.state = State::finishing;
    return;
  }
  figures_.bytes_received.add(completion.bytes);
  session.inbox.commit(completion.bytes);
  parse(session, now_ns);
}

void IoThread::parse(Session& session, std::int64_t received_ns) {
  while (session.state == State::open) {
    const auto unread = session.inbox.unread();
    const wire::Parsed parsed = wire::parse(unread, options_.max_frame_bytes);
    switch (parsed.status) {
      case wire::ParseStatus::incomplete:
        return;
      case wire::ParseStatus::malformed:
        return give_up(session, figures_.malformed_frames);
      case wire::ParseStatus::oversized:
        return give_up(session, figures_.oversized_frames);
      case wire::ParseStatus::checksum_mismatch:
        return give_up(session, figures_.checksum_mismatches);
      case wire::ParseStatus::complete:
        break;
    }
    figures_.frames_received.add();
    const auto frame = unread.first(parsed.size);
    wire::Stamps stamps{received_ns};
    switch (layout_.route(stamps)) {
      case layout::Route::here:
        wire::write_stamps(frame, stamps);
        echo(session, frame);
        break;
    }
    session.inbox.consume(parsed.size);
  }
}

void IoThread::echo(Session& session, std::span<std::byte> frame) {
  const FaultPlan::Spoil spoil = faults_.next();
  if (spoil.drop) return;
  if (spoil.corrupt) frame.back() ^= std::byte{1};
  for (int copies = spoil.duplicate ? 2 : 1; copies > 0; --copies) {
    const auto room = session.outbox.append(frame.size());
    if (room.empty()) return give_up(session, figures_.send_overflows);
    std::copy(frame.begin(), frame.end(), room.begin());
    figures_.frames_echoed.add();
  }
}

// Counts an error against an open session and closes it. A session that is being closed anyway
// fails as expected.
void IoThread::give_up(Session& session, metrics::Counter& error_class) {
  if (session.state == State::closing) return;
  error_class.add();
  begin_close(session);
}

void IoThread::begin_close(Session& session) {
  session.state = State::closing;
  if (session.has_pending()) notifier_->cancel(session);
  mark_dirty(session);
}

void IoThread::mark_dirty(Session& session) {
  if (session.dirty) return;
  session.dirty = true;
  dirty_.push_back(&session);
}

// After a batch: first every session's echoes leave, then the next receives are posted (the first
// clients may have answered by then, and their receives finish at once), then what has ended goes.
void IoThread::settle_dirty() {
  for (Session* session : dirty_) post_send(*session);
  for (Session* session : dirty_) post_receive(*session);
  for (std::size_t i = 0; i < dirty_.size(); ++i) settle(*dirty_[i]);
  dirty_.clear();
}

void IoThread::post_send(Session& session) {
  if (session.state == State::closing || !session.outbox.has_next()) return;
  if (notifier_->send(session, session.outbox.next()) == 0) return;
  session.outbox.sent();
  give_up(session, figures_.sends_failed);
}

void IoThread::post_receive(Session& session) {
  if (session.state != State::open || session.receive.outstanding) return;
  if (notifier_->receive(session, session.inbox.room()) == 0) return;
  give_up(session, figures_.receives_failed);
}

// Frees the session when it has ended and nothing of it is outstanding.
void IoThread::settle(Session& session) {
  session.dirty = false;
  if (session.state == State::finishing && session.outbox.empty()) session.state = State::closing;
  if (session.state != State::closing || session.has_pending()) return;
  notifier_->close(session);
  closesocket(session.socket);
  figures_.closed.add();
  const std::size_t index = session.index;
  std::swap(sessions_[index], sessions_.back());
  sessions_[index]->index = index;
  sessions_.pop_back();  // `session` ends here
  load_.fetch_sub(1, std::memory_order_relaxed);
}

void IoThread::close_all() {
  for (const auto& session : sessions_) begin_close(*session);
}

}  // namespace oversoak::server

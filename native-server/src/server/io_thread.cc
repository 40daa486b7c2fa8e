#include "server/io_thread.h"

#include <algorithm>
#include <utility>

#include "concurrency/start_thread.h"
#include "fatal.h"
#include "io/sockets.h"
#include "os/clock.h"
#include "os/thread_place.h"
#include "wire/frame.h"

namespace oversoak::server {

using io::Completion;
using metrics::ServerError;
using State = Session::State;

namespace {

// Deliveries that one send takes along: what is in flight is a copy, what waits behind it is not.
constexpr std::size_t kBytesAtOnce = 16'384;

// Those of Shared::zone_owners.
bool owns_zones(const Shared& shared, std::size_t index) {
  return shared.layout.content_threads().empty() && index < shared.options.io_threads;
}

}  // namespace

IoThread::IoThread(Shared& shared, std::size_t index)
    : shared_(shared),
      options_(shared.options),
      index_(index),
      desk_(options_.game, options_.fault.contents, index),
      sender_(options_.protocol, options_.fault),
      accept_faults_(options_.fault),
      zone_pool_(shared.zone_pools.emplace_back()),
      zone_tick_pool_(shared.zone_tick_pools.emplace_back()),
      zone_desk_(owns_zones(shared, index) ? options_.game.zone_ticks : game::ZoneTickSettings{},
                 zone_tick_pool_, this),
      zone_faults_(options_.fault.zones) {
  if (!shared.layout.content_threads().empty()) {
    routes_.lock_wait = std::make_unique<metrics::Histogram>();
  }
  thread_ = concurrency::start_thread([this] { prepare(); }, [this] { run(); });
}

IoThread::~IoThread() {
  if (thread_.joinable()) fatal("an IO thread was dropped while it ran");
}

void IoThread::adopt(const io::Accepted& accepted) {
  load_.fetch_add(1, std::memory_order_relaxed);
  if (arrivals_.push(accepted)) notifier_->wake();
}

void IoThread::close_sessions() {
  closing_.store(true);
  notifier_->wake();
}

void IoThread::wait_until_closed() { closed_.get_future().wait(); }

void IoThread::stop() {
  stopping_.store(true);
  notifier_->wake();
  if (thread_.joinable()) thread_.join();
}

void IoThread::prepare() {
  os::place_current_thread();
  clock_.attach_to_current_thread();
  notifier_ = options_.notifier.make(options_.iocp);
  capacity_ = notifier_->capacity();
  content_threads_send_ =
      !shared_.layout.content_threads().empty() && notifier_->lets_any_thread_send();
}

void IoThread::run() {
  bool closing_all = false;
  bool closed = false;
  while (!stopping_.load()) {
    for (const Completion& completion : notifier_->wait(wait_until_ns())) handle(completion);
    // Read first: what was handed over before the close is taken before all is closed.
    const bool closing = closing_.load();
    arrivals_.take(arrived_);
    for (const io::Accepted& accepted : arrived_) open(accepted);
    take_returned();
    run_content_ticks();
    take_zone_mail();
    // Once its sessions are closed, others may have ended before it.
    if (!closing) zone_desk_.run_ticks();
    if (closing && !closing_all) {
      closing_all = true;
      for (const auto& session : sessions_) begin_close(*session);
    }
    settle_dirty();
    if (closing_all && !closed && sessions_.empty()) {
      closed = true;
      closed_.set_value();
    }
  }
  // What the last close left to a wait (io::Notifier::close): no connection outlives its server.
  notifier_->wait(io::Notifier::kNow);
  clock_.finish();
}

// Ticks of contents are only needed while there are sessions; the zones that this thread owns may
// have their members elsewhere.
std::int64_t IoThread::wait_until_ns() const noexcept {
  static_assert(layout::ZoneTicks::kNever == io::Notifier::kForever);
  const std::int64_t contents_ns =
      sessions_.empty() ? io::Notifier::kForever : desk_.next_tick_ns();
  const std::int64_t zones_ns =
      closing_.load() ? io::Notifier::kForever : zone_desk_.next_tick_ns();
  return std::min(contents_ns, zones_ns);
}

void IoThread::open(const io::Accepted& accepted) {
  auto session = std::make_shared<Session>(
      accepted, shared_.next_player.fetch_add(1, std::memory_order_relaxed),
      options_.max_frame_bytes, options_.send_queue_bytes);
  if (const io::Error refused = notifier_->open(*session)) {
    note(*session, ServerError::receive_failed, "the notifier did not take the connection",
         refused);
    figures_.closed.add();
    io::close_socket(accepted.socket);
    load_.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  if (options_.zones) {
    session->zone =
        std::make_unique<SessionZone>(options_.zones->policy, options_.send_queue_bytes);
  }
  session->index = sessions_.size();
  const game::Place place = shared_.layout.seat(session->player, index_);
  shared_.players.join(session->player.id, place);
  accept_faults_.session_opened();
  const auto stale = accept_faults_.stale_echo();
  const auto room = session->outbox.append(stale.size());
  std::copy(stale.begin(), stale.end(), room.begin());
  session->may_send = !stale.empty();
  mark_dirty(*session);  // settling posts its first receive
  sessions_.push_back(std::move(session));
}

// Where content threads send too, the session's lock; else nothing, for nobody else is there.
std::unique_lock<std::mutex> IoThread::sending(Session& session) const {
  return content_threads_send_ ? std::unique_lock(session.sending) : std::unique_lock<std::mutex>();
}

void IoThread::failed(Session& session, io::Error cause, ServerError error, const char* what) {
  if (cause.is_reset()) {
    return give_up(session, ServerError::peer_reset, "the peer reset the connection", cause);
  }
  give_up(session, error, what, cause);
}

// Counts an error against an open session and closes it. A session that is being closed anyway
// fails as expected. `got`: the bytes that are no message.
void IoThread::give_up(Session& session, ServerError error, const char* what, io::Error cause,
                       std::span<const std::byte> got) {
  if (session.state == State::closing) return;
  note(session, error, what, cause, got);
  begin_close(session);
}

// Counts an error, and keeps what is known of it if it is one of the first.
void IoThread::note(const Session& session, ServerError error, const char* what, io::Error cause,
                    std::span<const std::byte> got) {
  figures_.errors.add(error, [&] {
    layout::ErrorEvidence evidence{.error = error,
                                   .at_ns = os::now_ns(),
                                   .what = what,
                                   .player = session.player.id,
                                   .peer = session.player.peer,
                                   .code = cause,
                                   .got = wire::Excerpt::of(got)};
    // Bytes that are no message stand where the next one was to come.
    if (!got.empty()) evidence.message = session.next_turn;
    return evidence;
  });
}

void IoThread::begin_close(Session& session) {
  {
    const auto lock = sending(session);
    session.state = State::closing;
  }
  session.player.gone.store(true, std::memory_order_relaxed);
  if (session.has_pending()) notifier_->cancel(session);
  mark_dirty(session);
}

void IoThread::mark_dirty(Session& session) {
  if (session.dirty) return;
  session.dirty = true;
  dirty_.push_back(&session);
}

// After a batch: first all echoes are sent, then the next receives are posted (the first clients
// may have answered by then, so their receives complete at once), then ended sessions are closed.
void IoThread::settle_dirty() {
  for (Session* session : dirty_) post_send(*session);
  for (Session* session : dirty_) post_receive(*session);
  for (std::size_t i = 0; i < dirty_.size(); ++i) settle(*dirty_[i]);
  dirty_.clear();
}

// Under the session's lock. Only when the outbox has_next().
std::span<const std::byte> IoThread::next_send(Session& session) const {
  const auto bytes = session.outbox.next();
  if (options_.protocol == wire::Protocol::oversoak) {
    wire::write_sending(bytes, os::now_ns());
  }
  return bytes;
}

// Does not take the lock if content threads have sent everything of the session.
void IoThread::post_send(Session& session) {
  if (!std::exchange(session.may_send, false) || session.state == State::closing) return;
  io::Sent sent;
  do {
    const auto lock = sending(session);
    if (session.outbox.in_flight()) return;
    if (session.zone) session.zone->backlog.load(session.outbox, kBytesAtOnce);
    if (!session.outbox.has_next()) return;
    const auto bytes = next_send(session);
    sent = notifier_->send(session, bytes);
    if (!sent.error && !sent.complete) return;
    if (sent.complete) sender_.figures.bytes_sent.add(bytes.size());
    session.outbox.sent();
  } while (!sent.error && session.zone && !session.zone->backlog.empty());
  if (sent.error) failed(session, sent.error, ServerError::send_failed, "a send failed");
}

void IoThread::post_receive(Session& session) {
  if (session.state != State::open || session.receive.outstanding) return;
  if (options_.duplex == Duplex::half && !has_answered(session)) return;
  const io::Error error = notifier_->receive(session, session.inbox.room());
  if (error) failed(session, error, ServerError::receive_failed, "a receive failed");
}

// Half duplex: whether every received message is answered. This thread learns of the last answer by
// the completion of a send or by a message that comes back.
bool IoThread::has_answered(Session& session) const {
  const auto lock = sending(session);
  return session.messages_out == 0 && session.outbox.empty();
}

// Closes the session when it has ended, has no outstanding operation and no message in progress.
void IoThread::settle(Session& session) {
  session.dirty = false;
  if (session.state == State::open) return;
  {
    const auto lock = sending(session);
    if (session.messages_out > 0) return;
    const bool is_sent = session.outbox.empty() && (!session.zone || session.zone->backlog.empty());
    if (session.state == State::finishing && is_sent) session.state = State::closing;
    if (session.state != State::closing || session.has_pending()) return;
  }
  end(session);
}

void IoThread::end(Session& session) {
  if (session.zone) end_zone(session);
  if (!shared_.players.leave(session.player.id)) fatal("a player who was not there left");
  notifier_->close(session);
  io::close_socket(session.socket);
  accept_faults_.session_ended(std::move(session.last_echo));
  figures_.closed.add();
  const std::size_t index = session.index;
  std::swap(sessions_[index], sessions_.back());
  sessions_[index]->index = index;
  // `session` ends here, unless a content thread is still leaving its lock.
  sessions_.pop_back();
  load_.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace oversoak::server

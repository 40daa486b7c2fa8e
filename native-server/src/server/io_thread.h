#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "concurrency/mailbox.h"
#include "io/listener.h"
#include "io/notifier.h"
#include "layout/homo_desk.h"
#include "layout/layout.h"
#include "layout/zone_desk.h"
#include "metrics/server_errors.h"
#include "os/process.h"
#include "server/accept_faults.h"
#include "server/options.h"
#include "server/pooled_zone_message.h"
#include "server/sender.h"
#include "server/session.h"
#include "server/thread_figures.h"
#include "server/zone_faults.h"
#include "server/zone_members.h"

namespace oversoak::server {

class IoThread;

// What all IO threads of a server share; it outlives them.
struct Shared {
  const ServerOptions& options;
  game::PlayerContainer& players;
  layout::Layout& layout;
  std::vector<std::unique_ptr<Sender>>& content_senders;  // by content thread
  // Homo: those that own the zones' order; complete before any session is accepted.
  std::vector<IoThread*> zone_owners{};
  // One of each IO thread. They outlive what other threads still hold of a thread that has ended.
  std::deque<SessionZonePool> zone_pools{};
  std::deque<layout::ZoneTickPool> zone_tick_pools{};
  std::atomic<game::PlayerId> next_player{1};
};

// A thread that does the IO of its sessions from their first receive to their end. IO completions
// arrive in io_completions.cc (`handle`); sessions are closed in io_thread.cc (`settle`).
class IoThread final : public layout::MessageHome, public layout::ZoneHome {
 public:
  // Starts the thread and returns when it can take sessions. `index`: among the server's.
  IoThread(Shared& shared, std::size_t index);
  // Only after stop().
  ~IoThread() override;

  // The acceptor's thread: whether another session fits, and the handover of its socket.
  std::size_t load() const noexcept { return load_.load(std::memory_order_relaxed); }
  bool has_room() const noexcept { return load() < capacity_; }
  void adopt(const io::Accepted& accepted);

  // A content thread: returns a message. The content thread sends the echo if the notifier lets any
  // thread send; otherwise this thread does.
  void finished(layout::Message& message, std::size_t thread) override;

  // Another thread: a zone message that is ordered, or that this thread is to order.
  void post(layout::ZoneRef message) override;
  // This thread: an ordered zone message has come to its members here.
  void take(layout::ZoneRef message) override;

  // Any thread: closes every session. Messages at content threads return first, so those threads
  // must run until wait_until_closed() returns.
  void close_sessions();
  void wait_until_closed();
  // Ends the thread. Only when every session is closed and no other thread hands anything over.
  void stop();

  const SessionFigures& figures() const noexcept { return figures_; }
  const SenderFigures& sender_figures() const noexcept { return sender_.figures; }
  const layout::DeskFigures& desk_figures() const noexcept { return desk_.figures(); }
  const layout::RouteFigures& route_figures() const noexcept { return routes_; }
  const ZoneFigures& zone_figures() const noexcept { return zone_figures_; }
  const layout::ZoneDeskFigures& zone_desk_figures() const noexcept { return zone_desk_.figures(); }
  std::uint64_t zone_messages_made() const noexcept {
    return zone_pool_.made() + zone_tick_pool_.made();
  }
  const io::NotifierFigures& notifier_figures() const noexcept { return notifier_->figures(); }
  const os::ThreadClock& clock() const noexcept { return clock_; }

 private:
  void prepare();
  void run();
  std::int64_t wait_until_ns() const noexcept;
  void open(const io::Accepted& accepted);
  void settle(Session& session);
  void end(Session& session);

  // From a completion to the messages in it (io_completions.cc).
  void handle(const io::Completion& completion);
  void sent(Session& session, const io::Completion& completion);
  void received(Session& session, const io::Completion& completion);
  void parse(Session& session);
  bool is_malformed(Session& session, wire::ParseStatus status, std::span<const std::byte> unread);

  // From a message to its echo (io_messages.cc).
  void message_arrived(Session& session, std::span<std::byte> bytes);
  PooledMessage& keep(Session& session, const layout::Message& message);
  void send_out(Session& session, PooledMessage& message, layout::ContentThread& to);
  void answer(Session& session, layout::Message& message);
  bool answer_directly(Session& session, PooledMessage& message, Sender& sender);
  void take_back(PooledMessage& message);
  void take_returned();
  void run_content_ticks();

  // From a message to the members of its zone (io_zones.cc).
  bool say_to_zone(Session& session, layout::Message& message);
  PooledZoneMessage& new_zone_message(Session& session, layout::ZoneMessage::Kind kind);
  void pass_to_zone(layout::ZoneRef message);
  void take_zone_mail();
  void joined(PooledZoneMessage& message);
  void left(PooledZoneMessage& message);
  void deliver(layout::ZoneMessage& message);
  void copy_to(Session& member, layout::ZoneMessage& message);
  void queue_swapped(Session& member);
  void queue_owed(Session& session, PooledZoneMessage& message);
  bool queue(Session& session, layout::ZoneMessage& message, bool owed);
  void came_home(PooledZoneMessage& message);
  void stop_deliveries(Session& session);
  void end_zone(Session& session);

  // Sends, receives and their failures.
  std::unique_lock<std::mutex> sending(Session& session) const;
  void failed(Session& session, io::Error cause, metrics::ServerError error, const char* what);
  void give_up(Session& session, metrics::ServerError error, const char* what, io::Error cause = {},
               std::span<const std::byte> got = {});
  void note(const Session& session, metrics::ServerError error, const char* what,
            io::Error cause = {}, std::span<const std::byte> got = {});
  void begin_close(Session& session);
  void mark_dirty(Session& session);
  void settle_dirty();
  void post_send(Session& session);
  void post_receive(Session& session);
  bool has_answered(Session& session) const;
  std::span<const std::byte> next_send(Session& session) const;

  Shared& shared_;
  const ServerOptions& options_;
  const std::size_t index_;
  SessionFigures figures_;
  os::ThreadClock clock_;
  std::unique_ptr<io::Notifier> notifier_;  // made by the thread itself
  std::size_t capacity_ = 0;
  bool content_threads_send_ = false;
  std::atomic<std::size_t> load_{0};  // sessions, those on their way here included
  concurrency::Mailbox<io::Accepted> arrivals_;
  concurrency::Mailbox<PooledMessage*> returns_;
  concurrency::Mailbox<layout::ZoneRef> zone_mail_;
  std::atomic<bool> closing_{false};
  std::atomic<bool> stopping_{false};
  std::promise<void> closed_;

  // The thread's own.
  layout::HomoDesk desk_;
  layout::RouteFigures routes_;
  Sender sender_;
  AcceptFaults accept_faults_;
  SessionZonePool& zone_pool_;
  layout::ZoneTickPool& zone_tick_pool_;
  layout::ZoneDesk zone_desk_;  // homo
  ZoneMembers zone_members_;
  ZoneFigures zone_figures_;
  ZoneFaultPlan zone_faults_;
  std::vector<layout::ZoneRef> zone_mailed_;
  std::vector<std::shared_ptr<Session>> sessions_;
  std::vector<Session*> dirty_;
  std::vector<io::Accepted> arrived_;
  std::vector<PooledMessage*> returned_;
  std::vector<layout::Message*> ticked_;
  std::thread thread_;
};

}  // namespace oversoak::server

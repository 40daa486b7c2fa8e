// The receives of a ring: multishot into shared buffers, or one by one.
#include <cerrno>
#include <utility>

#include "io/linux/io_uring.h"

namespace oversoak::io {

using Request = ReceiveStream::Request;

Error IoUring::open(Channel& channel) {
  if (free_.empty()) {
    free_.push_back(streams_.size());
    streams_.emplace_back().slot = free_.back();
  }
  channel.slot = free_.back();
  free_.pop_back();
  streams_[channel.slot].channel = &channel;
  return {};
}

// A multishot receive holds the socket open until it has ended, which the next wait asks for.
void IoUring::close(Channel& channel) noexcept {
  ReceiveStream& stream = streams_[channel.slot];
  stream.drop(*buffers_);
  stream.channel = nullptr;
  if (stream.request == Request::multishot) stop(stream);
  if (stream.request == Request::none) free_stream(stream);
}

void IoUring::free_stream(ReceiveStream& stream) {
  const std::size_t slot = stream.slot;
  stream = {};
  stream.slot = slot;
  free_.push_back(slot);
}

Error IoUring::receive(Channel& channel, std::span<std::byte> into) {
  ReceiveStream& stream = streams_[channel.slot];
  stream.into = into;
  issued(channel.receive, stream.has_result());
  if (stream.has_result()) {
    ready_.push_back(channel.slot);
  } else if (stream.request == Request::none) {
    request(stream);
  }
  return {};
}

// Bytes rarely are there already, so the kernel waits for them before it tries.
void IoUring::request(ReceiveStream& stream) noexcept {
  io_uring_sqe& entry = next_entry();
  const int socket = stream.channel->socket;
  if (stream.only_single) {
    stream.request = Request::single;
    io_uring_prep_recv(&entry, socket, stream.into.data(), stream.into.size(), 0);
  } else {
    stream.request = Request::multishot;
    io_uring_prep_recv_multishot(&entry, socket, nullptr, 0, 0);
    entry.flags |= IOSQE_BUFFER_SELECT;
    entry.buf_group = ReceiveBuffers::kGroup;
  }
  entry.ioprio |= IORING_RECVSEND_POLL_FIRST;
  io_uring_sqe_set_data64(&entry, word_of(stream));
}

void IoUring::stop(ReceiveStream& stream) noexcept {
  stream.request = Request::stopping;
  io_uring_sqe& entry = next_entry();
  io_uring_prep_cancel64(&entry, word_of(stream), 0);
  io_uring_sqe_set_data(&entry, nullptr);
}

void IoUring::take_receive(ReceiveStream& stream, const io_uring_cqe& entry) {
  note_receive(stream, entry);
  if (stream.channel == nullptr) {
    stream.drop(*buffers_);
    if (stream.request == Request::none) free_stream(stream);
    return;
  }
  if (stream.posted() && stream.has_result()) batch_.push_back(stream.take(*buffers_));
  go_on(stream);
}

void IoUring::note_receive(ReceiveStream& stream, const io_uring_cqe& entry) {
  const bool single = stream.request == Request::single;
  const bool stopping = stream.request == Request::stopping;
  if ((entry.flags & IORING_CQE_F_MORE) == 0) stream.request = Request::none;
  const bool has_buffer = (entry.flags & IORING_CQE_F_BUFFER) != 0;
  const unsigned buffer = entry.flags >> IORING_CQE_BUFFER_SHIFT;
  if (entry.res > 0 && has_buffer) {
    stream.ahead.push_back({buffer, 0, static_cast<std::size_t>(entry.res)});
    return;
  }
  if (has_buffer) buffers_->give_back(buffer);
  if (entry.res > 0 && single) {
    stream.channel->receive.outstanding = false;
    batch_.push_back(
        {stream.channel, OperationKind::receive, static_cast<std::size_t>(entry.res), {}});
    return;
  }
  // Of the multishot receive alone, and not of what was posted.
  const bool over = entry.res == -ENOBUFS || (stopping && entry.res == -ECANCELED);
  if (over && !stream.cancelled) return;
  stream.ended = true;
  stream.last = Error(static_cast<std::uint32_t>(-entry.res));
}

// What is to follow a completion.
void IoUring::go_on(ReceiveStream& stream) {
  if (stream.request == Request::multishot && stream.ahead.size() > ReceiveStream::kMaxAhead) {
    stream.only_single = true;
    stop(stream);
  }
  // Not at once: after this batch there are buffers again.
  if (stream.request == Request::none && stream.posted()) again_.push_back(stream.slot);
}

void IoUring::finish_ready() {
  for (const std::size_t slot : ready_) {
    ReceiveStream& stream = streams_[slot];
    if (stream.posted() && stream.has_result()) batch_.push_back(stream.take(*buffers_));
  }
  ready_.clear();
}

void IoUring::request_again() {
  for (const std::size_t slot : again_) {
    ReceiveStream& stream = streams_[slot];
    if (stream.request == Request::none && stream.posted() && !stream.has_result()) {
      request(stream);
    }
  }
  again_.clear();
}

}  // namespace oversoak::io

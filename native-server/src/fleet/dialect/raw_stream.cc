#include "fleet/dialect/raw_stream.h"

#include <algorithm>

namespace oversoak::fleet {

void RawStream::begin(std::size_t start, std::size_t max_messages) {
  start_ = start;
  ends_.resize(max_messages);
  written_ = echoed_ = written_bytes_ = echoed_bytes_ = 0;
}

void RawStream::write(std::span<const std::byte> source, std::span<std::byte> message) noexcept {
  std::size_t at = (start_ + written_bytes_) % source.size();
  written_bytes_ += message.size();
  end_of(written_++) = written_bytes_;
  while (!message.empty()) {
    const std::size_t run = std::min(message.size(), source.size() - at);
    std::copy_n(source.begin() + static_cast<std::ptrdiff_t>(at), run, message.begin());
    message = message.subspan(run);
    at = 0;
  }
}

RawStream::Next RawStream::next(std::size_t source_bytes) const noexcept {
  const std::size_t at = (start_ + echoed_bytes_) % source_bytes;
  if (messages_out() == 0) return {echoed_bytes_, at, 0};
  const std::uint64_t end = ends_[echoed_ & (ends_.size() - 1)];
  const std::uint64_t left = std::min<std::uint64_t>(end - echoed_bytes_, source_bytes - at);
  return {echoed_bytes_, at, static_cast<std::size_t>(left)};
}

RawStream::Taken RawStream::take(std::span<const std::byte> source,
                                 std::span<const std::byte> bytes) noexcept {
  if (bytes.empty()) return {};
  if (messages_out() == 0) return {false};
  const std::size_t at = (start_ + echoed_bytes_) % source.size();
  const std::uint64_t end = end_of(echoed_);
  const std::uint64_t left = std::min<std::uint64_t>(end - echoed_bytes_, source.size() - at);
  const auto now = bytes.first(std::min(bytes.size(), static_cast<std::size_t>(left)));
  if (!std::equal(now.begin(), now.end(), source.begin() + static_cast<std::ptrdiff_t>(at))) {
    return {false};
  }
  echoed_bytes_ += now.size();
  const bool whole = echoed_bytes_ == end;
  if (whole) ++echoed_;
  return {true, now.size(), whole};
}

}  // namespace oversoak::fleet

#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "random.h"

namespace oversoak::fleet {

// Bytes of a message, each length in between as often.
struct MessageSizes {
  std::size_t min_bytes;
  std::size_t max_bytes;

  std::size_t draw(Random& random) const noexcept {
    return min_bytes + random.below(max_bytes - min_bytes + 1);
  }
};

// Bytes of an answer: sizes of several kinds, each with its share of the messages.
class SizeMix {
 public:
  struct Part {
    double share;  // of 1
    MessageSizes sizes;
  };

  SizeMix() = default;
  explicit SizeMix(std::vector<Part> parts) : parts_(std::move(parts)) {}

  bool empty() const noexcept { return parts_.empty(); }

  // 0 when empty.
  std::size_t longest_bytes() const noexcept {
    std::size_t longest = 0;
    for (const Part& part : parts_) longest = std::max(longest, part.sizes.max_bytes);
    return longest;
  }

  // Only when not empty. The last part has what rounding leaves of the shares.
  std::size_t draw(Random& random) const noexcept {
    double left = random.fraction();
    for (const Part& part : parts_) {
      left -= part.share;
      if (left < 0) return part.sizes.draw(random);
    }
    return parts_.back().sizes.draw(random);
  }

 private:
  std::vector<Part> parts_;
};

}  // namespace oversoak::fleet

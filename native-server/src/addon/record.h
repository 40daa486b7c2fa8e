#pragma once

#include <napi.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "metrics/histogram.h"
#include "os/process.h"
#include "wire/excerpt.h"

namespace oversoak::addon {

// Builds a JavaScript object field by field.
class Record {
 public:
  explicit Record(Napi::Env env) : env_(env), object_(Napi::Object::New(env)) {}

  Record& set(const char* name, double value) { return put(name, Napi::Number::New(env_, value)); }
  Record& count(const char* name, std::uint64_t value) {
    return set(name, static_cast<double>(value));
  }
  Record& count(const char* name, const std::optional<std::uint64_t>& value) {
    return value ? count(name, *value) : put(name, env_.Null());
  }
  Record& set(const char* name, std::string_view value) {
    return put(name, Napi::String::New(env_, value.data(), value.size()));
  }
  Record& set(const char* name, const Record& value) { return put(name, value.object_); }
  Record& set(const char* name, const metrics::HistogramCounts& counts) {
    const std::vector<std::uint8_t> bytes = metrics::encode_histogram(counts);
    return put(name, Napi::Buffer<std::uint8_t>::Copy(env_, bytes.data(), bytes.size()));
  }
  // A field for each of an enum's names.
  template <typename Integer, std::size_t Size>
  Record& set_each(const std::array<const char*, Size>& names,
                   const std::array<Integer, Size>& values) {
    for (std::size_t i = 0; i < Size; ++i) set(names[i], static_cast<double>(values[i]));
    return *this;
  }
  Record& put(const char* name, Napi::Value value) {
    object_.Set(name, value);
    return *this;
  }

  Napi::Object object() const { return object_; }

 private:
  Napi::Env env_;
  Napi::Object object_;
};

// The fields that server and fleet snapshots share.
Napi::Array threads_record(Napi::Env env, const std::vector<os::NamedCpu>& threads);
Record process_record(Napi::Env env);

// Two digits for each byte.
std::string hex_of(const wire::Excerpt& excerpt);

}  // namespace oversoak::addon

#pragma once

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

namespace oversoak::addon {

// Reads fields of an options object that has been validated against its schema (src/index.ts does
// that, defaults included); a field that is not there or has another type throws a TypeError that
// names it all the same, so that no misuse reaches the native core.
class Fields {
 public:
  Fields(Napi::Object object, std::string path) : object_(object), path_(std::move(path)) {}

  bool has(const char* name) const { return !object_.Get(name).IsUndefined(); }

  double number(const char* name) const {
    const Napi::Value value = object_.Get(name);
    if (!value.IsNumber()) throw wrong(name, "a number");
    return value.As<Napi::Number>().DoubleValue();
  }

  template <typename Integer>
  Integer integer(const char* name) const {
    const double value = number(name);
    const auto whole = static_cast<Integer>(value);
    if (value < 0 || static_cast<double>(whole) != value) throw wrong(name, "a whole number");
    return whole;
  }

  bool boolean(const char* name) const {
    const Napi::Value value = object_.Get(name);
    if (!value.IsBoolean()) throw wrong(name, "true or false");
    return value.As<Napi::Boolean>().Value();
  }

  std::string text(const char* name) const {
    const Napi::Value value = object_.Get(name);
    if (!value.IsString()) throw wrong(name, "a string");
    return value.As<Napi::String>().Utf8Value();
  }

  template <typename Value>
  Value& external(const char* name) const {
    const Napi::Value value = object_.Get(name);
    if (!value.IsExternal()) throw wrong(name, "what the addon returned");
    return *value.As<Napi::External<Value>>().Data();
  }

  Fields object(const char* name) const {
    const Napi::Value value = object_.Get(name);
    if (!value.IsObject()) throw wrong(name, "an object");
    return Fields(value.As<Napi::Object>(), path_ + "/" + name);
  }

  // The objects of an array.
  std::vector<Fields> array(const char* name) const {
    const Napi::Value value = object_.Get(name);
    if (!value.IsArray()) throw wrong(name, "an array");
    const auto items = value.As<Napi::Array>();
    std::vector<Fields> fields;
    for (std::uint32_t i = 0; i < items.Length(); ++i) {
      const Napi::Value item = items.Get(i);
      const std::string path = path_ + "/" + name + "/" + std::to_string(i);
      if (!item.IsObject()) throw Napi::TypeError::New(object_.Env(), path + ": must be an object");
      fields.emplace_back(item.As<Napi::Object>(), path);
    }
    return fields;
  }

  bool is_null(const char* name) const { return object_.Get(name).IsNull(); }

  // The whole numbers of an array.
  template <typename Integer>
  std::vector<Integer> integers(const char* name) const {
    const Napi::Value value = object_.Get(name);
    if (!value.IsArray()) throw wrong(name, "an array");
    const Fields items(value.As<Napi::Object>(), path_ + "/" + name);
    const std::uint32_t length = value.As<Napi::Array>().Length();
    std::vector<Integer> numbers;
    for (std::uint32_t i = 0; i < length; ++i) {
      numbers.push_back(items.integer<Integer>(std::to_string(i).c_str()));
    }
    return numbers;
  }

  // Of an object that is used as a map.
  std::vector<std::string> names() const {
    const Napi::Array found = object_.GetPropertyNames();
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < found.Length(); ++i) {
      names.push_back(found.Get(i).As<Napi::String>().Utf8Value());
    }
    return names;
  }

  // One of the names that `find` knows: find(text) is an optional value or a
  // pointer.
  template <typename Find>
  auto choice(const char* name, Find find) const {
    const auto found = find(text(name));
    if (!found) throw wrong(name, "one of the names in contracts");
    return *found;
  }

  Napi::TypeError wrong(const char* name, const char* expected) const {
    return Napi::TypeError::New(object_.Env(), path_ + "/" + name + ": must be " + expected);
  }

 private:
  Napi::Object object_;
  std::string path_;
};

}  // namespace oversoak::addon

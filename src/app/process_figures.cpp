#include "app/process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace claviger::app {

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void add_memory(ProcessFigures& figures) {
  std::ifstream file("/proc/self/statm");
  double total = 0;
  double resident = 0;
  if (!(file >> total >> resident)) return;
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  figures.virtual_bytes = total * page;
  figures.resident_bytes = resident * page;
}

double count_entries(const char* folder) {
  std::error_code ignored;
  const std::filesystem::directory_iterator entries(folder, ignored);
  return static_cast<double>(std::distance(begin(entries), end(entries)));
}

}  // namespace

ProcessFigures look_at_process() {
  ProcessFigures figures;
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    figures.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    figures.most_open_files = static_cast<double>(files.rlim_cur);
  }
  add_memory(figures);
  figures.open_files = count_entries("/proc/self/fd");
  figures.threads = count_entries("/proc/self/task");
  return figures;
}

}  // namespace claviger::app

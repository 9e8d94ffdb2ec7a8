// What the operating system says about this process.
#pragma once

namespace claviger::app {

struct ProcessFigures {
  double cpu_seconds = 0;
  double resident_bytes = 0;
  double virtual_bytes = 0;
  double threads = 0;
  double open_files = 0;
  double most_open_files = 0;
};
// What can't be read stays zero: a sandbox may hide /proc.
ProcessFigures look_at_process();

}  // namespace claviger::app

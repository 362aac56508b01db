import {
  begun,
  type Course,
  confirm,
  expose,
  type HoldEnd,
  lookAfter,
  lookAt,
  type Recorded,
  sendFor,
} from "./evidence-course.ts";
import type { Fact } from "./facts.ts";
import type { HoldKey } from "./hold.ts";
import type { Millis } from "./ids.ts";

/** Every placement of a hold and what became of it, in the order of the ledger, told from the facts alone. */
export function coursesOf(entries: readonly Recorded[]): readonly Course[] {
  const courses = new Courses();
  for (const entry of entries) for (const fact of entry.facts) courses.note(entry, fact);
  return courses.all;
}

class Courses {
  readonly all: Course[] = [];
  readonly #open = new Map<HoldKey, Course>();
  /** Ended, and not yet seen running again. */
  readonly #awaited = new Set<Course>();

  note(entry: Recorded, fact: Fact): void {
    const open = this.#open.values();
    switch (fact.type) {
      case "hold-placed":
        this.#begin(begun(entry, fact.hold));
        return;
      case "hold-released":
        this.#end(this.#open.get(fact.key), "released", entry, fact.at);
        return;
      case "hold-expired":
        this.#end(this.#open.get(fact.key), "expired", entry);
        return;
      case "hold-withdrawn":
        this.#end(this.#open.get(fact.key), "withdrawn", entry);
        return;
      case "all-holds-released":
        for (const course of [...open])
          if (fact.recording === undefined || fact.recording === course.hold.recording)
            this.#end(course, "released-by-operator", entry);
        return;
      case "conference-ended":
        for (const course of [...open])
          this.#end(course, course.stopped ? "stopped" : "conference-ended", entry);
        return;
      case "stop-ordered":
        for (const course of open)
          if (fact.recording === undefined || fact.recording === course.hold.recording)
            course.stopped ??= entry;
        return;
      case "pause-confirmed": {
        const course = this.#open.get(fact.key);
        if (course !== undefined) confirm(course, fact, entry);
        return;
      }
      case "pause-overdue":
      case "hold-over-limit":
        this.#open.get(fact.key)?.troubles.push({ entry, fact });
        return;
      case "found-running":
        for (const course of open) expose(course, fact, entry);
        return;
      case "requests-sent":
        for (const course of open) sendFor(course, fact);
        return;
      case "recordings-seen":
        for (const course of open) lookAt(course, fact, entry);
        for (const course of this.#awaited) if (lookAfter(course, fact)) this.#awaited.delete(course);
        return;
      default:
        // The rest says nothing of one hold alone.
        return;
    }
  }

  #begin(course: Course): void {
    this.#end(this.#open.get(course.key), "replaced", course.placed);
    this.#open.set(course.key, course);
    this.all.push(course);
  }

  #end(course: Course | undefined, how: HoldEnd, entry: Recorded, sentAt?: Millis): void {
    if (course === undefined) return;
    course.end = { how, entry, ...(sentAt === undefined ? {} : { sentAt }) };
    this.#open.delete(course.key);
    if (how !== "replaced" && how !== "conference-ended") this.#awaited.add(course);
  }
}

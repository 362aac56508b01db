import { type Budget, checkTask, commandTask, place, release, type Task } from "./every-schedule.ts";

export type SmallCase = { readonly name: string; readonly tasks: readonly Task[]; readonly budget: Budget };

// hold-1 is confirmed before; this releases it,
const releasing = commandTask(release("hold-1", 1));
// this is a new hold,
const placing = commandTask(place("hold-2", 1));
// this its release,
const releasingIt = commandTask(release("hold-2", 2));
// and this the first hold's own placement, delivered once more.
const duplicate = commandTask(place("hold-1", 0));
// And this places the first hold anew.
const placingAgain = commandTask(place("hold-1", 2));

const none: Budget = { crashes: 0, lost: 0 };
const crash: Budget = { crashes: 1, lost: 0 };
const lost: Budget = { crashes: 0, lost: 1 };
const both: Budget = { crashes: 1, lost: 1 };

const lateDuplicates: readonly SmallCase[] = [
  {
    name: "a release, a new hold and a late duplicate",
    tasks: [releasing, placing, duplicate],
    budget: none,
  },
  {
    name: "a late duplicate, the hold's release and its next placement",
    tasks: [duplicate, releasing, placingAgain],
    budget: none,
  },
];
const shortCases: readonly SmallCase[] = [
  { name: "a release and a new hold", tasks: [releasing, placing], budget: none },
  { name: "a release and a new hold, one of which dies", tasks: [releasing, placing], budget: crash },
  {
    name: "a release and a new hold, with an answer lost or late",
    tasks: [releasing, placing],
    budget: lost,
  },
  { name: "a release, a new hold and a check", tasks: [releasing, placing, checkTask], budget: none },
  { name: "a release, a new hold and its release", tasks: [releasing, placing, releasingIt], budget: none },
  {
    name: "a release and a check, one of which dies, with an answer lost or late",
    tasks: [releasing, checkTask],
    budget: both,
  },
];

/** Small enough for `npm test`, in two parts that take about as long. */
export const smallCaseParts = [lateDuplicates, shortCases] as const;
export const smallCases: readonly SmallCase[] = smallCaseParts.flat();

/** Too large for every run of the tests; `npm run simulate -- --every` plays them. */
export const largerCases: readonly SmallCase[] = [
  {
    name: "a release and a new hold, one of which dies, with an answer lost or late",
    tasks: [releasing, placing],
    budget: both,
  },
  {
    name: "a release, a new hold and a check, with an answer lost or late",
    tasks: [releasing, placing, checkTask],
    budget: lost,
  },
  {
    name: "a release, a new hold and a check, one of which dies",
    tasks: [releasing, placing, checkTask],
    budget: crash,
  },
  {
    name: "a release, a new hold and a late duplicate, one of which dies",
    tasks: [releasing, placing, duplicate],
    budget: crash,
  },
  {
    name: "a release, a new hold and a late duplicate, with an answer lost or late",
    tasks: [releasing, placing, duplicate],
    budget: lost,
  },
  {
    name: "a release, a new hold and its release, one of which dies",
    tasks: [releasing, placing, releasingIt],
    budget: crash,
  },
  {
    name: "a release, a new hold and its release, with an answer lost or late",
    tasks: [releasing, placing, releasingIt],
    budget: lost,
  },
];

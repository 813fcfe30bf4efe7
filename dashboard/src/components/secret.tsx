import { CopyButton } from './blocks';
import { Note } from './ui/small';

/** Something that is shown this once: to be copied before it is closed. */
export function Secret({ text, children }: { text: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-col gap-3">
      <Note tone="warn">{children}</Note>
      <div className="flex items-center gap-2 rounded-lg border bg-sunken p-2 pl-3">
        <code className="shrinkable grow font-mono text-sm break-all">{text}</code>
        <CopyButton text={text}>Copy</CopyButton>
      </div>
    </div>
  );
}

import type { Attachment } from './frames';

/** Mirrors the desk's limits, to say so before megabytes are sent; the desk checks again. */
export const MOST_BYTES = 20 * 1024 * 1024;
export const MOST_FILES = 5;
export const ACCEPT = '.jpg,.jpeg,.png,.webp,.pdf,.mp4,.m4a,.ogg,.docx,.xlsx';

/** Sends one file and reports its progress from 0 to 1. XMLHttpRequest, since fetch tells nothing while sending. */
export function upload(base: string, session: string, file: File, onProgress: (part: number) => void): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${base}/chat/attachments`);
    request.setRequestHeader('Authorization', `Bearer ${session}`);
    request.responseType = 'json';
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onerror = () => reject(new Error('network'));
    request.onload = () => {
      const answer = request.response as { id?: string; detail?: string; mime?: string } | null;
      if (request.status < 300 && answer?.id) {
        resolve({ id: answer.id, name: file.name, mime: answer.mime ?? file.type, bytes: file.size, state: 'ready' });
      } else {
        reject(new Error(answer?.detail ?? 'network'));
      }
    };
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}
